import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NoAnswer, Refused, SignedOut, Unreadable } from '../src/api/errors.ts';
import { readUntilAnswered } from '../src/api/lost_reads.ts';
import { comebacks, noteComeback } from '../src/api/network.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => vi.useRealTimers());

/** A reading of which these are the answers, and then there is none; `asked` counts, and `found` is what it puts somewhere. */
function answeredBy(...answers: unknown[]) {
  const found: unknown[] = [];
  const asked = vi.fn((...given: [string?]): Promise<void> => {
    const answer = answers.shift() ?? new NoAnswer(`no more answers to ${String(given[0])}`);
    if (answer instanceof Error) {
      return Promise.reject(answer);
    }
    found.push(answer);
    return Promise.resolve();
  });
  const before = comebacks.value;
  return { asked, found, read: readUntilAnswered(asked), comebacksSince: () => comebacks.value - before };
}

const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);
const lost = (): NoAnswer => new NoAnswer('502');

test('a reading without an answer fails at once, and goes on until there is one', async () => {
  const { asked, found, read, comebacksSince } = answeredBy(lost(), lost(), lost(), 'the menu');

  await expect(read('one')).rejects.toBeInstanceOf(NoAnswer);
  expect([asked.mock.calls.length, comebacksSince()]).toEqual([1, 0]);
  await pass(5_000);

  expect(asked.mock.calls).toEqual(Array(4).fill(['one']));
  expect(found).toEqual(['the menu']);
  expect(comebacksSince()).toBe(1);
});

test('the longer an API is away, the less often it is asked: in the end twice a minute', async () => {
  const { asked, read } = answeredBy();
  await read().catch(() => {});
  await pass(600_000);
  asked.mockClear();

  await pass(600_000);

  expect(asked.mock.calls.length).toBeGreaterThanOrEqual(20);
  expect(asked.mock.calls.length).toBeLessThanOrEqual(40);
});

test('the next comeback has it read at once', async () => {
  const { asked, found, read } = answeredBy(...Array.from({ length: 10 }, lost));
  await read().catch(() => {});
  await pass(120_000);
  asked.mockClear();
  asked.mockImplementationOnce(() => Promise.resolve(void found.push('the menu')));

  noteComeback();
  await pass(0);

  expect(found).toEqual(['the menu']);
  await pass(120_000);
  expect(asked).toHaveBeenCalledTimes(1);
});

test('what is being read again isn’t read again twice, and something else is', async () => {
  const { asked, read } = answeredBy();

  for (const restaurant of ['one', 'one', 'one', 'another']) {
    await read(restaurant).catch(() => {});
  }
  asked.mockClear();
  await pass(500);

  expect(asked).toHaveBeenCalledTimes(2);
});

test('whoever reads it meanwhile ends the asking, and that is a comeback', async () => {
  const { asked, read, comebacksSince } = answeredBy(lost(), 'the menu');
  await read('one').catch(() => {});

  await read('one');
  await pass(60_000);

  expect(asked).toHaveBeenCalledTimes(2);
  expect(comebacksSince()).toBe(1);
});

test.each([
  ['a refusal', new Refused('OrderNotFound', 'no such order'), 1],
  ['a row that nobody can read', new Unreadable('no words for it'), 1],
  ['the end of the session, which is no answer', new SignedOut('refused'), 0],
  ['a firewall, which is none either', new Refused('ForbiddenException', 'answered 403'), 0],
])('what ends the asking: %s', async (_, end, comebacksThen) => {
  const { asked, read, comebacksSince } = answeredBy(lost(), end);
  await read('a').catch(() => {});

  await pass(60_000);

  expect(asked).toHaveBeenCalledTimes(2);
  expect(comebacksSince()).toBe(comebacksThen);
});

test('what was refused, by a firewall too, isn’t asked for again, and no more is an answer', async () => {
  const { asked, read } = answeredBy(new Refused('ForbiddenException', '403'), new Refused('OrderNotFound', ''), 'it');

  await read('a').catch(() => {});
  await read('b').catch(() => {});
  await read('c');
  await pass(60_000);

  expect(asked).toHaveBeenCalledTimes(3);
});
