import { expect, test, vi } from 'vitest';
import type { Execute } from '../src/api/client.ts';
import type { Order } from '../src/api/documents.ts';
import { createOrders } from '../src/orders/orders.ts';
import { orderOf } from './orders_of.ts';

const ids = (count: number, from = 0): Order[] =>
  Array.from({ length: count }, (_, place) => orderOf({ id: `01K${String(2000 - from - place)}` }));

/** An API that answers with these, one call after the other. */
function answering(...answers: unknown[]) {
  const execute = vi.fn(() => Promise.resolve(answers.shift()));
  return { execute, orders: createOrders(execute as unknown as Execute) };
}

test('news that are older than what is shown are dropped', () => {
  const { orders } = answering();
  orders.merge(orderOf({ status: 'PAID', version: 3 }));

  orders.merge(orderOf({ status: 'PAYING', version: 2 }));

  expect(orders.get(orderOf().id)?.status).toBe('PAID');
});

test('pages follow each other without a gap, until a short one', async () => {
  const { execute, orders } = answering({ orders: ids(10) }, { orders: ids(3, 10) });
  await orders.readFirstPage();
  expect(orders.hasMore.value).toBe(true);

  await orders.readNextPage();

  expect(execute.mock.calls[1]).toEqual([expect.anything(), { first: 10, after: '01K1991' }]);
  expect(orders.listed.value.map(({ id }) => id)).toEqual(ids(13).map(({ id }) => id));
  expect(orders.hasMore.value).toBe(false);
});

test('an order that was looked at by its address leaves no gap in the list', async () => {
  const { orders } = answering({ orders: ids(10) });
  orders.merge(orderOf({ id: '01K0500' }));

  await orders.readFirstPage();

  expect(orders.listed.value).toHaveLength(10);
});

test('a row that this release doesn’t understand hides only itself', async () => {
  const { orders } = answering({ orders: [orderOf(), null] });

  await orders.readFirstPage();

  expect(orders.listed.value).toHaveLength(1);
});

test('catching up reads what is listed, and what is open besides', async () => {
  const old = orderOf({ id: '01K0001' });
  const { execute, orders } = answering(
    { orders: ids(10) },
    { orders: ids(10) },
    { order: { ...old, status: 'PAID', version: 3 } },
  );
  await orders.readFirstPage();
  orders.merge(old);

  await orders.catchUp();

  expect(execute.mock.calls.slice(1)).toEqual([
    [expect.anything(), { first: 10 }],
    [expect.anything(), { id: old.id }],
  ]);
  expect(orders.get(old.id)?.status).toBe('PAID');
});

test('somebody else’s order is none', async () => {
  const { orders } = answering({ order: null });

  await expect(orders.read('01K0001')).rejects.toMatchObject({ type: 'OrderNotFound' });
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

test('catching up leaves what was listed further down', async () => {
  const all = ids(120);
  const pages = Array.from({ length: 12 }, (_, page) => ({ orders: all.slice(page * 10, page * 10 + 10) }));
  const { orders } = answering(...pages, { orders: all.slice(0, 100) });
  await orders.readFirstPage();
  for (let page = 1; page < 12; page++) {
    await orders.readNextPage();
  }

  await orders.catchUp();

  expect(orders.listed.value).toHaveLength(120);
  expect(orders.hasMore.value).toBe(true);
});

test('an open order that was deleted elsewhere is no longer waited for', async () => {
  const { orders } = answering({ order: null });
  orders.merge(orderOf({ status: 'PENDING' }));

  await orders.catchUp();

  expect(orders.all.value.size).toBe(0);
  expect(orders.hasOpen.value).toBe(false);
});
