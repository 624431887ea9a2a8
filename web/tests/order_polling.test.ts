import { signal } from '@preact/signals';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Session, User } from '../src/account/session.ts';
import { NoAnswer } from '../src/api/errors.ts';
import { pollOrders } from '../src/orders/order_polling.ts';
import { answering, orderOf } from './sample_orders.ts';

let signOut: () => void;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  signOut();
  dispatchEvent(new Event('online'));
  show();
  vi.useRealTimers();
});

const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

function show(state: DocumentVisibilityState = 'visible'): void {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  document.dispatchEvent(new Event('visibilitychange'));
}

/** Somebody signs in where no news come by themselves; what the page asks is counted. */
async function begin(...answers: unknown[]) {
  const user = signal<User | null>(null);
  const { orders, execute } = answering(...answers);
  const catchUp = vi.spyOn(orders, 'catchUp');
  const standing = pollOrders({ user } as unknown as Session, orders);
  user.value = { id: 'me', email: 'me@example.com' };
  signOut = () => {
    user.value = null;
    orders.forget();
  };
  await pass(0);
  return { orders, execute, catchUp, standing };
}

test('it asks after each sign-in and return of the network, and says when that was', async () => {
  const { orders, catchUp, standing } = await begin({ orders: [] }, { orders: [] });
  expect(catchUp).toHaveBeenCalledTimes(1);
  expect(standing.value).toBe('live');
  await orders.readFirstPage();
  const before = orders.checkedAt.value ?? 0;
  await pass(5_000);

  dispatchEvent(new Event('offline'));
  expect(standing.value).toBe('offline');
  dispatchEvent(new Event('online'));
  expect(standing.value).toBe('connecting');
  await pass(0);

  expect(standing.value).toBe('live');
  expect(catchUp).toHaveBeenCalledTimes(2);
  expect(orders.checkedAt.value).toBe(before + 5_000);
});

test('an open order is asked for each minute, also while it can be changed, and one that is finished isn’t', async () => {
  const open = orderOf({ changeableUntil: new Date(Date.now() + 900_000).toISOString() });
  const { orders, execute, catchUp } = await begin(
    { order: open },
    { order: { ...open, status: 'CANCELLED', version: 2 } },
  );
  orders.merge(open);

  await pass(59_000);
  expect(execute).not.toHaveBeenCalled();
  await pass(1_000);
  expect(execute).toHaveBeenCalledTimes(1);
  await pass(60_000);
  expect(orders.get(open.id)?.status).toBe('CANCELLED');
  catchUp.mockClear();
  await pass(600_000);

  expect(catchUp).not.toHaveBeenCalled();
});

test('an answer to another question puts the next one off', async () => {
  const { orders, execute } = await begin({ order: orderOf() }, { order: orderOf() });
  orders.merge(orderOf());
  await pass(50_000);

  await orders.read(orderOf().id);
  await pass(50_000);
  expect(execute).toHaveBeenCalledTimes(1);
  await pass(10_000);

  expect(execute).toHaveBeenCalledTimes(2);
});

test('a page that isn’t shown asks nothing, and asks at once when it is', async () => {
  const { orders, catchUp } = await begin({ order: orderOf() });
  orders.merge(orderOf());
  show('hidden');
  await pass(600_000);
  expect(catchUp).toHaveBeenCalledTimes(1);

  show();
  dispatchEvent(new Event('focus'));
  await pass(0);

  expect(catchUp).toHaveBeenCalledTimes(2);
});

test('who comes back to the window sees what came meanwhile, and who only just looked is asked nothing', async () => {
  const { orders, execute, catchUp } = await begin({ orders: [] }, { orders: [orderOf({ status: 'PAID' })] });
  await orders.readFirstPage();

  await pass(4_000);
  dispatchEvent(new Event('focus'));
  await pass(0);
  expect(catchUp).toHaveBeenCalledTimes(1);
  await pass(2_000);
  dispatchEvent(new Event('focus'));
  await pass(0);

  expect(orders.listed.value).toHaveLength(1);
  expect(execute).toHaveBeenCalledTimes(2);
});

test('a question without an answer is asked until there is one, and until then nothing is said to be checked', async () => {
  const { orders, standing } = await begin(new NoAnswer('502'), ...Array<unknown>(9).fill({ order: orderOf() }));
  orders.merge(orderOf());
  const before = orders.checkedAt.value;

  await pass(60_000);
  expect(standing.value).toBe('checking');
  expect(orders.checkedAt.value).toBe(before);
  await pass(5_000);

  expect(standing.value).toBe('live');
  expect(orders.checkedAt.value).toBeGreaterThan((before ?? 0) + 59_000);
});

test('who signs out is asked nothing more', async () => {
  const { orders, catchUp } = await begin();
  orders.merge(orderOf());

  signOut();
  await pass(600_000);
  dispatchEvent(new Event('focus'));
  await pass(0);

  expect(catchUp).toHaveBeenCalledTimes(1);
  expect(orders.checkedAt.value).toBeNull();
});
