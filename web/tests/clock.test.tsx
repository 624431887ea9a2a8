import { signal } from '@preact/signals';
import { act, cleanup, render, screen } from '@testing-library/preact';
import { decodeTime } from 'ulid';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadConfig, type Config } from '../src/config.ts';
import { watchConfig } from '../src/config_watch.ts';
import { DeskContext, type Desk } from '../src/desk.ts';
import { ChangeWindow } from '../src/order_view/change_window.tsx';
import { learnServerTime, serverNow } from '../src/orders/clock.ts';
import { createDrafts } from '../src/orders/draft.ts';
import { CONFIG } from './sample_config.ts';
import { DISH, orderOf } from './sample_orders.ts';

const NOW = Date.parse('2026-11-25T12:00:00.000Z');
const HOUR_MS = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  learnServerTime(NOW, NOW, NOW);
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

/** Load the configuration from a server whose clock says this. */
function answering(headers: Record<string, string>): Promise<Config> {
  vi.spyOn(globalThis, 'fetch').mockResolvedValue(Response.json(CONFIG, { headers }));
  return loadConfig();
}

const dated = (at: number): Record<string, string> => ({ date: new Date(at).toUTCString() });
const pass = (milliseconds: number): Promise<void> =>
  act(async () => {
    await vi.advanceTimersByTimeAsync(milliseconds);
  });
const aheadSeconds = (): number => Math.round((serverNow() - Date.now()) / 1000);

test('a page learns the server’s clock with its configuration', async () => {
  await answering(dated(NOW + HOUR_MS));

  expect(aheadSeconds()).toBe(3600);
});

test('an answer out of a cache is as old as it says', async () => {
  await answering({ ...dated(NOW - 20_000), age: '20' });

  expect(aheadSeconds()).toBe(0);
});

test('clocks that agree to the second of a date agree', async () => {
  vi.setSystemTime(NOW + 900);

  await answering(dated(NOW));

  expect(serverNow()).toBe(NOW + 900);
});

test('a server that doesn’t say when leaves what was learnt', async () => {
  learnServerTime(NOW + 5000, NOW, NOW);

  await answering({});

  expect(aheadSeconds()).toBe(5);
});

test.each([
  ['ahead', HOUR_MS],
  ['behind', -HOUR_MS],
])('an order can be changed for as long as the server says, which is %s, and no longer', async (_, skewMs) => {
  const { changeWindowSeconds } = await answering(dated(NOW + skewMs));
  const order = orderOf({ changeableUntil: new Date(NOW + skewMs + 30_000).toISOString() });
  render(
    <DeskContext.Provider value={{ changeWindowSeconds: signal(changeWindowSeconds) } as unknown as Desk}>
      <ChangeWindow order={order} />
    </DeskContext.Provider>,
  );
  await pass(10_000);

  expect(screen.getByRole('timer').textContent).toBe('0:20');
  expect(screen.getAllByRole('button').map(({ textContent }) => textContent)).toEqual(['Change', 'Cancel order']);
  await pass(20_000);

  expect(screen.queryByRole('timer')).toBeNull();
  expect(screen.queryAllByRole('button')).toEqual([]);
});

// While a device sleeps only its `Date` goes on.
test.each([
  ['a clock that is set back', -HOUR_MS, '0:20', NOW + 10_000],
  ['a device that sleeps', 15_000, '0:05', NOW + 25_000],
])('%s makes neither an order’s id nor its change window wrong', async (_, setMs, left, madeAt) => {
  await answering(dated(NOW));
  sessionStorage.clear();
  const drafts = createDrafts(sessionStorage);
  const order = orderOf({ changeableUntil: new Date(NOW + 30_000).toISOString() });
  render(
    <DeskContext.Provider value={{ changeWindowSeconds: signal(60) } as unknown as Desk}>
      <ChangeWindow order={order} />
    </DeskContext.Provider>,
  );

  vi.setSystemTime(NOW + setMs);
  await pass(10_000);

  expect(screen.getByRole('timer').textContent).toBe(left);
  drafts.add(DISH, 1);
  expect(decodeTime(drafts.lines.value[0]?.id ?? '')).toBe(madeAt);
});

/** A server whose clock is right, whatever this device's says; what it is asked is counted. */
async function rightServer() {
  const startedAt = performance.now();
  const answer = () => Response.json(CONFIG, { headers: dated(NOW + performance.now() - startedAt) });
  const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(() => Promise.resolve(answer()));
  watchConfig(await loadConfig());
  const order = orderOf({ changeableUntil: new Date(NOW + 30_000).toISOString() });
  render(
    <DeskContext.Provider value={{ changeWindowSeconds: signal(60) } as unknown as Desk}>
      <ChangeWindow order={order} />
    </DeskContext.Provider>,
  );
  fetched.mockClear();
  return fetched;
}

test.each([
  ['forward', HOUR_MS],
  ['back', -HOUR_MS],
])(
  'a clock that is set %s while the page is open has it ask the server for the time, without a focus',
  async (_, setMs) => {
    const fetched = await rightServer();
    await pass(5_000);
    expect(fetched).not.toHaveBeenCalled();

    vi.setSystemTime(Date.now() + setMs);
    await pass(1_000);

    expect(screen.getByRole('timer').textContent).toMatch(/^0:2[45]$/); // dates have no milliseconds
    expect(screen.getByRole('button', { name: 'Cancel order' })).toBeTruthy();
    expect(fetched).toHaveBeenCalledTimes(1);
    await pass(30_000);
    expect(screen.queryByRole('timer')).toBeNull();
    expect(fetched).toHaveBeenCalledTimes(1);
  },
);

test('who can’t be asked for the time is asked again, though not each moment', async () => {
  const fetched = await rightServer();
  fetched.mockRejectedValueOnce(new TypeError('Failed to fetch'));

  vi.setSystemTime(NOW + HOUR_MS);
  await pass(9_000);
  expect(fetched).toHaveBeenCalledTimes(1);
  expect(screen.queryByRole('timer')).toBeNull();
  await pass(3_000);

  expect(fetched).toHaveBeenCalledTimes(2);
  expect(screen.getByRole('timer').textContent).toMatch(/^0:1[89]$/);
});

test.each([
  ['ahead', HOUR_MS],
  ['behind', -HOUR_MS],
])('an order has its place in the list by the server’s clock, which is %s', async (_, skewMs) => {
  await answering(dated(NOW + skewMs));
  sessionStorage.clear();
  const drafts = createDrafts(sessionStorage);

  drafts.add(DISH, 1);

  expect(Math.abs(decodeTime(drafts.lines.value[0]?.id ?? '') - NOW - skewMs)).toBeLessThan(1000);
});
