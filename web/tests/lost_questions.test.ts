import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Execute } from '../src/api/client.ts';
import { Menu, OneOrder, OrdersPage, PostOrder, Restaurants } from '../src/api/documents.ts';
import { NoAnswer, Refused, SignedOut, Unreadable } from '../src/api/errors.ts';
import { askLostAgain } from '../src/api/lost_questions.ts';
import { comebacks } from '../src/api/network.ts';
import { DISH } from './sample_orders.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => vi.useRealTimers());

/** An API that gives these answers, and then is silent; `asked` counts its calls. */
function apiAnswering(...answers: unknown[]) {
  const asked = vi.fn(() => {
    const answer = answers.shift() ?? new NoAnswer('no more answers');
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  const before = comebacks.value;
  return { asked, execute: askLostAgain(asked as unknown as Execute), comebacksSince: () => comebacks.value - before };
}

const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);
const lost = (): NoAnswer => new NoAnswer('502');

test('a question without an answer fails at once, and is asked again until the API is back', async () => {
  const { asked, execute, comebacksSince } = apiAnswering(lost(), lost(), lost(), { restaurants: [] });

  await expect(execute(Restaurants, {})).rejects.toBeInstanceOf(NoAnswer);
  expect([asked.mock.calls.length, comebacksSince()]).toEqual([1, 0]);
  await pass(5_000);

  expect(asked.mock.calls).toEqual(Array(4).fill([Restaurants, {}]));
  expect(comebacksSince()).toBe(1);
});

test('the longer an API is away, the less often it is asked: in the end twice a minute', async () => {
  const { asked, execute } = apiAnswering();
  await execute(Restaurants, {}).catch(() => {});
  await pass(600_000);
  asked.mockClear();

  await pass(600_000);

  expect(asked.mock.calls.length).toBeGreaterThanOrEqual(20);
  expect(asked.mock.calls.length).toBeLessThanOrEqual(40);
});

test('a question that is being asked again isn’t asked again twice, and others are', async () => {
  const { asked, execute } = apiAnswering();

  for (let times = 0; times < 3; times++) {
    await execute(Menu, { restaurantId: 'one' }).catch(() => {});
  }
  await execute(OrdersPage, { first: 50 }).catch(() => {});
  asked.mockClear();
  await pass(500);

  expect(asked).toHaveBeenCalledTimes(2);
});

test.each([
  ['a refusal', new Refused('OrderNotFound', 'no such order'), 1],
  ['a row that nobody can read', new Unreadable('no words for it'), 1],
  ['the end of the session, which is no answer', new SignedOut('refused'), 0],
])('what ends the asking: %s', async (_, end, comebacksThen) => {
  const { asked, execute, comebacksSince } = apiAnswering(lost(), end);
  await execute(OneOrder, { id: 'a' }).catch(() => {});

  await pass(60_000);

  expect(asked).toHaveBeenCalledTimes(2);
  expect(comebacksSince()).toBe(comebacksThen);
});

test('a mutation without an answer isn’t repeated, and no more is an answer asked for again', async () => {
  const { asked, execute } = apiAnswering(lost(), new Refused('OrderNotFound', 'no such order'), { restaurants: [] });

  await execute(PostOrder, { input: { ...DISH, quantity: 1 } }).catch(() => {});
  await execute(OneOrder, { id: 'a' }).catch(() => {});
  await execute(Restaurants, {});
  await pass(60_000);

  expect(asked).toHaveBeenCalledTimes(3);
});
