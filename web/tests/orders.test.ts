import { afterEach, expect, test, vi } from 'vitest';
import { Refused } from '../src/api/errors.ts';
import { answering, ids, orderOf } from './sample_orders.ts';

afterEach(() => vi.useRealTimers());

test('news that are older than what is shown are dropped', () => {
  const { orders } = answering();
  orders.merge(orderOf({ status: 'PAID', version: 3 }));

  orders.merge(orderOf({ status: 'PAYING', version: 2 }));

  expect(orders.get(orderOf().id)?.status).toBe('PAID');
});

test('an order that was placed on another device is in the list at once, and one that was changed there shows it', async () => {
  const { orders } = answering({ orders: ids(10) });
  await orders.readFirstPage();
  const placed = orderOf({ id: '01K3000' });

  orders.merge(placed);
  orders.merge({ ...placed, quantity: 5, version: 2 });
  orders.merge(placed);

  expect(orders.listed.value[0]).toMatchObject({ id: '01K3000', quantity: 5, version: 2 });
  expect(orders.listed.value).toHaveLength(11);
});

test('pages follow each other without a gap, until a short one', async () => {
  const { execute, orders } = answering({ orders: ids(50) }, { orders: ids(3, 50) });
  await orders.readFirstPage();
  expect(orders.hasMore.value).toBe(true);

  await orders.readNextPage();

  expect(execute.mock.calls[1]).toEqual([expect.anything(), { first: 50, after: '01K1951' }]);
  expect(orders.listed.value.map(({ id }) => id)).toEqual(ids(53).map(({ id }) => id));
  expect(orders.hasMore.value).toBe(false);
});

test('a list is read again down to an order, and on only as far as it takes', async () => {
  const { execute, orders } = answering({ orders: ids(50) }, { orders: ids(100, 50) }, { orders: ids(100, 150) });

  await orders.readDownTo('01K1800');

  expect(execute.mock.calls.map(([, variables]: unknown[]) => variables)).toEqual([
    { first: 50 },
    { first: 100, after: '01K1951' },
    { first: 100, after: '01K1851' },
  ]);
  expect(orders.listed.value.map(({ id }) => id)).toEqual(ids(250).map(({ id }) => id));
  expect(orders.hasMore.value).toBe(true);
});

test.each([
  ['one that is listed already', '01K1990', 1],
  ['the last one of a page', '01K1951', 1],
  ['one that is gone, below all others', '01K0001', 2],
])('reading down to %s ends', async (_, id, calls) => {
  const { execute, orders } = answering({ orders: ids(50) }, { orders: ids(3, 50) });

  await orders.readDownTo(id);

  expect(execute).toHaveBeenCalledTimes(calls);
});

test('a server that gives the same page for ever isn’t asked for ever', async () => {
  const page = { orders: ids(100) };
  const { execute, orders } = answering({ orders: ids(50) }, page, page, page, page);

  await orders.readDownTo('');

  expect(execute.mock.calls.length).toBeLessThan(5);
});

test('an order that was looked at by its address leaves no gap in the list', async () => {
  const { orders } = answering({ orders: ids(50) });
  orders.merge(orderOf({ id: '01K0500' }));

  await orders.readFirstPage();

  expect(orders.listed.value).toHaveLength(50);
});

test('a row that this release doesn’t understand hides only itself', async () => {
  const { orders } = answering({ orders: [orderOf(), null] });

  await orders.readFirstPage();

  expect(orders.listed.value).toHaveLength(1);
});

test('somebody else’s order is none', async () => {
  const { orders } = answering({ order: null });

  await expect(orders.read('01K0001')).rejects.toMatchObject({ type: 'OrderNotFound' });
});

test('what isn’t an id at all is that of no order', async () => {
  const { orders } = answering(new Refused('InvalidInput', 'id must be a ULID in upper case, got "x"'));

  await expect(orders.read('x')).rejects.toMatchObject({ type: 'OrderNotFound' });
});

test('each status keeps the moment at which it began', () => {
  const { orders } = answering();
  const id = orderOf().id;

  orders.merge(orderOf());
  orders.merge(orderOf({ status: 'PAYING', updatedAt: '2026-11-25T12:00:01.000Z', version: 2 }));
  orders.merge(orderOf({ status: 'PAID', updatedAt: '2026-11-25T12:00:02.000Z', version: 3 }));

  expect(orders.moments.value.get(id)).toEqual({
    PENDING: '2026-11-25T12:00:00.000Z',
    PAYING: '2026-11-25T12:00:01.000Z',
    PAID: '2026-11-25T12:00:02.000Z',
  });
});

test('an answer that comes after signing out is not the next customer’s', async () => {
  const { orders } = answering({ order: orderOf() });

  const reading = orders.read(orderOf().id);
  orders.forget();

  await expect(reading).rejects.toMatchObject({ name: 'SignedOut' });
  expect(orders.all.value.size).toBe(0);
});

test('a page of earlier orders that comes after the list began anew leaves no gap either', async () => {
  const all = ids(200);
  let answer: (value: unknown) => void = () => {};
  const slow = new Promise((resolve) => (answer = resolve));
  const { orders } = answering({ orders: all.slice(75, 125) }, slow, { orders: all.slice(0, 50) });
  await orders.readFirstPage();

  const earlier = orders.readNextPage();
  await orders.readFirstPage();
  answer({ orders: all.slice(125, 175) });
  await earlier;

  expect(orders.listed.value).toEqual(all.slice(0, 50));
});

test('an order that the API told of a moment ago is not read again when its page opens', async () => {
  vi.useFakeTimers();
  const { execute, orders } = answering({ order: orderOf() }, { order: orderOf() }, { order: orderOf() });
  orders.merge(orderOf());

  await orders.readUnlessFresh(orderOf().id);
  expect(execute).not.toHaveBeenCalled();
  vi.advanceTimersByTime(6_000);
  await orders.readUnlessFresh(orderOf().id);
  expect(execute).toHaveBeenCalledTimes(1);
  vi.setSystemTime(Date.now() - 60_000);
  await orders.readUnlessFresh(orderOf().id);
  expect(execute).toHaveBeenCalledTimes(2);
  orders.forget();
  await orders.readUnlessFresh(orderOf().id);

  expect(execute).toHaveBeenCalledTimes(3);
});
