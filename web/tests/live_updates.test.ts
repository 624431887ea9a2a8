import { effect, signal } from '@preact/signals';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Session, User } from '../src/account/session.ts';
import type { Config } from '../src/config.ts';
import { keepLive } from '../src/orders/live_updates.ts';
import type { Orders } from '../src/orders/orders.ts';
import { orderOf } from './sample_orders.ts';
import { fakeSockets, type FakeSocket } from './fake_sockets.ts';

const CONFIG = {
  graphqlUrl: 'http://api.example/graphql',
  realtimeUrl: 'http://api.example/graphql/realtime',
} as Config;
let sockets: FakeSocket[];
let signOut: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  sockets = fakeSockets();
});

afterEach(() => {
  signOut();
  dispatchEvent(new Event('online'));
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function begin() {
  const user = signal<User | null>(null);
  const hasOpen = signal(false);
  const orders = { merge: vi.fn(), catchUp: vi.fn(() => Promise.resolve()), hasOpen };
  const session = { user, token: () => Promise.resolve('a-token') } as unknown as Session;
  const liveness = keepLive(CONFIG, session, orders as unknown as Orders);
  user.value = { id: 'me', email: 'me@example.com' };
  signOut = () => {
    user.value = null;
  };
  await vi.advanceTimersByTimeAsync(0);
  return { orders, user, hasOpen, liveness };
}

test('all orders of the customer are subscribed to, over a WebSocket', async () => {
  await begin();
  sockets[0]?.goLive();

  expect(sockets[0]?.url).toBe('ws://api.example/graphql/realtime');
  expect(JSON.parse(sockets[0]?.sent[1]?.payload?.data ?? '{}')).toMatchObject({ variables: { userId: 'me' } });
});

test('each time it is live it asks for what it may have missed', async () => {
  const { orders } = await begin();
  sockets[0]?.goLive();
  expect(orders.catchUp).toHaveBeenCalledTimes(1);

  sockets[0]?.drop();
  await vi.advanceTimersByTimeAsync(600);
  sockets[1]?.goLive();

  expect(orders.catchUp).toHaveBeenCalledTimes(2);
});

test('it says live only once it has what it may have missed, and asks until it has', async () => {
  const { orders, hasOpen, liveness } = await begin();
  hasOpen.value = true;
  orders.catchUp.mockRejectedValueOnce(new Error('no answer'));

  sockets[0]?.goLive();
  await vi.advanceTimersByTimeAsync(0);
  expect(liveness.value).toBe('connecting');
  await vi.advanceTimersByTimeAsync(600);

  expect(liveness.value).toBe('live');
  expect(orders.catchUp).toHaveBeenCalledTimes(2);
});

test('a page that is live stays so while it looks whether it missed something', async () => {
  const { orders, liveness } = await begin();
  sockets[0]?.goLive();
  await vi.advanceTimersByTimeAsync(0);
  const seen: string[] = [];
  effect(() => void seen.push(liveness.value));

  dispatchEvent(new Event('online'));
  await vi.advanceTimersByTimeAsync(0);

  expect(orders.catchUp).toHaveBeenCalledTimes(2);
  expect(seen).toEqual(['live']);
});

test('what is asked for over a line that drops meanwhile doesn’t make it live', async () => {
  const { orders, liveness } = await begin();
  let answer = (): void => {};
  orders.catchUp.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
  sockets[0]?.goLive();

  sockets[0]?.drop();
  answer();
  await vi.advanceTimersByTimeAsync(0);

  expect(liveness.value).toBe('waiting');
});

test('who signs out before there was an answer isn’t asked for again', async () => {
  const { orders, user } = await begin();
  orders.catchUp.mockRejectedValue(new Error('no answer'));
  sockets[0]?.goLive();
  await vi.advanceTimersByTimeAsync(0);

  user.value = null;
  orders.catchUp.mockClear();
  await vi.advanceTimersByTimeAsync(60_000);

  expect(orders.catchUp).not.toHaveBeenCalled();
});

test('a change of an order is shown', async () => {
  const { orders } = await begin();
  sockets[0]?.goLive();

  sockets[0]?.answer({ id: '1', type: 'data', payload: { data: { onOrderChanged: orderOf({ status: 'PAID' }) } } });

  expect(orders.merge).toHaveBeenCalledWith(orderOf({ status: 'PAID' }));
});

test('where no WebSocket gets through, open orders are asked for', async () => {
  const { orders, hasOpen } = await begin();
  hasOpen.value = true;

  await vi.advanceTimersByTimeAsync(8_500);

  expect(orders.catchUp).toHaveBeenCalledTimes(2);
});

test('who signs out hears nothing more', async () => {
  const { user } = await begin();
  sockets[0]?.goLive();

  user.value = null;
  await vi.advanceTimersByTimeAsync(60_000);

  expect(sockets[0]?.isClosed).toBe(true);
  expect(sockets).toHaveLength(1);
});

test('a line that falls silent is asked about at once, and isn’t live until another one stands', async () => {
  const { orders, liveness } = await begin();
  sockets[0]?.goLive({ connectionTimeoutMs: 300_000 });
  await vi.advanceTimersByTimeAsync(74_000);
  expect(liveness.value).toBe('live');
  orders.catchUp.mockClear();

  await vi.advanceTimersByTimeAsync(1000);
  expect(liveness.value).toBe('checking');
  expect(orders.catchUp).toHaveBeenCalledTimes(1);
  sockets[1]?.goLive();
  await vi.advanceTimersByTimeAsync(0);

  expect(liveness.value).toBe('live');
  expect(orders.catchUp).toHaveBeenCalledTimes(2);
});

test('a page that can’t be told what it may have missed is no longer live', async () => {
  const { orders, liveness } = await begin();
  sockets[0]?.goLive();
  await vi.advanceTimersByTimeAsync(0);
  orders.catchUp.mockRejectedValueOnce(new Error('no answer'));

  dispatchEvent(new Event('online'));
  await vi.advanceTimersByTimeAsync(0);
  expect(liveness.value).toBe('checking');
  await vi.advanceTimersByTimeAsync(600);

  expect(liveness.value).toBe('live');
});

test('a browser without a network is offline, and back online live only once it has asked', async () => {
  const { orders, liveness } = await begin();
  sockets[0]?.goLive();
  await vi.advanceTimersByTimeAsync(0);
  let answer = (): void => {};

  dispatchEvent(new Event('offline'));
  expect(liveness.value).toBe('offline');
  await vi.advanceTimersByTimeAsync(600);
  expect(liveness.value).toBe('offline');
  dispatchEvent(new Event('online'));
  expect(liveness.value).not.toBe('live');
  await vi.advanceTimersByTimeAsync(0);
  orders.catchUp.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
  sockets.at(-1)?.goLive();
  await vi.advanceTimersByTimeAsync(0);
  expect(liveness.value).not.toBe('live');
  answer();
  await vi.advanceTimersByTimeAsync(0);

  expect(liveness.value).toBe('live');
});

test('events of the first seconds after it subscribed may be lost: it looks again some seconds later', async () => {
  const { orders } = await begin();
  sockets[0]?.goLive();
  await vi.advanceTimersByTimeAsync(0);
  orders.catchUp.mockClear();

  await vi.advanceTimersByTimeAsync(9_000);
  expect(orders.catchUp).toHaveBeenCalledTimes(2);
  sockets[0]?.answer({ type: 'ka' });
  await vi.advanceTimersByTimeAsync(50_000);

  expect(orders.catchUp).toHaveBeenCalledTimes(3);
});

test('a line that drops right after it subscribed isn’t looked at again', async () => {
  const { orders } = await begin();
  sockets[0]?.goLive();
  await vi.advanceTimersByTimeAsync(0);
  orders.catchUp.mockClear();

  sockets[0]?.drop();
  await vi.advanceTimersByTimeAsync(30_000);

  expect(orders.catchUp).not.toHaveBeenCalled();
});
