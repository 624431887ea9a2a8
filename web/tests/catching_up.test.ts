import { expect, test, vi } from 'vitest';
import type { Order } from '../src/api/documents.ts';
import { NoAnswer, Unreadable } from '../src/api/errors.ts';
import { answering, ids, orderOf } from './sample_orders.ts';

const closed = (count: number): Order[] => ids(count).map((order) => ({ ...order, status: 'PAID' }));

test('catching up reads what is listed, and what is open besides', async () => {
  const old = orderOf({ id: '01K0001' });
  const { execute, orders } = answering(
    { orders: ids(50) },
    { orders: ids(50) },
    { order: { ...old, status: 'PAID', version: 3 } },
  );
  await orders.readFirstPage();
  orders.merge(old);

  await orders.catchUp();

  expect(execute.mock.calls.slice(1)).toEqual([
    [expect.anything(), { first: 50 }],
    [expect.anything(), { id: old.id }],
  ]);
  expect(orders.get(old.id)?.status).toBe('PAID');
});

test('what asked nothing checked nothing, and a question about an order that is gone is one', async () => {
  const { execute, orders } = answering({ order: null });
  await orders.catchUp();
  expect(execute).not.toHaveBeenCalled();
  expect(orders.checkedAt.value).toBeNull();
  vi.useFakeTimers();
  orders.merge(orderOf());
  const before = orders.checkedAt.value ?? 0;
  vi.advanceTimersByTime(60_000);

  await orders.catchUp();
  expect(orders.checkedAt.value).toBe(before + 60_000);
  vi.advanceTimersByTime(60_000);
  await orders.catchUp();

  expect(orders.checkedAt.value).toBe(before + 60_000);
  vi.useRealTimers();
});

test('catching up leaves what was listed further down', async () => {
  const all = closed(150);
  const pages = [all.slice(0, 50), all.slice(50, 100), all.slice(100, 150)].map((orders) => ({ orders }));
  const { orders } = answering(...pages, { orders: all.slice(0, 100) });
  await orders.readFirstPage();
  await orders.readNextPage();
  await orders.readNextPage();

  await orders.catchUp();

  expect(orders.listed.value).toHaveLength(150);
  expect(orders.hasMore.value).toBe(true);
});

test('an open order that was deleted elsewhere is no longer waited for', async () => {
  const { orders } = answering({ order: null });
  orders.merge(orderOf({ status: 'PENDING' }));

  await orders.catchUp();

  expect(orders.all.value.size).toBe(0);
  expect(orders.hasOpen.value).toBe(false);
});

test('an open order that nobody can read any more keeps no other from being read', async () => {
  const { orders } = answering(new Unreadable('no words for it'), {
    order: orderOf({ id: '01K0002', status: 'PAID', version: 3 }),
  });
  orders.merge(orderOf({ id: '01K0001' }));
  orders.merge(orderOf({ id: '01K0002' }));

  await orders.catchUp();

  expect(orders.get('01K0002')?.status).toBe('PAID');
});

test('more new orders than a page, made elsewhere, leave no gap in the list', async () => {
  const all = closed(160);
  const { execute, orders } = answering(
    { orders: all.slice(60, 110) },
    { orders: all.slice(0, 51) },
    { orders: all.slice(51, 101) },
  );
  await orders.readFirstPage();
  // News of the newest may be here before the page that has the others.
  orders.merge(all[0] as Order);

  await orders.catchUp();
  expect(orders.listed.value).toEqual(all.slice(0, 51));
  expect(orders.hasMore.value).toBe(true);
  await orders.readNextPage();

  expect(execute.mock.calls.at(-1)).toEqual([expect.anything(), { first: 50, after: all[50]?.id }]);
  expect(orders.listed.value).toEqual(all.slice(0, 101));
});

test('a listed order that was deleted elsewhere leaves the list', async () => {
  const all = ids(10);
  const { orders } = answering({ orders: all }, { orders: all.toSpliced(3, 1) });
  await orders.readFirstPage();

  await orders.catchUp();

  expect(orders.listed.value).toEqual(all.toSpliced(3, 1));
  expect(orders.get(all[3]?.id ?? '')).toBeUndefined();
});

test('an order that came while a page was read, or that the page may hide, isn’t taken for deleted', async () => {
  const [newest, second, third] = ids(3);
  const { orders } = answering({ orders: [second, third] }, { orders: [second, null] });
  const reading = orders.readFirstPage();
  orders.merge(newest as Order);
  await reading;

  await orders.catchUp();

  expect(orders.listed.value).toEqual([newest, second, third]);
});

test('an open order below what catching up reads at once is read by itself', async () => {
  const all = closed(120);
  const open = orderOf({ id: all[105]?.id ?? '' });
  const pages = [0, 50, 100].map((from) => ({ orders: all.with(105, open).slice(from, from + 50) }));
  const { orders } = answering(...pages, { orders: all.slice(0, 100) }, { order: { ...all[105], version: 2 } });
  await orders.readFirstPage();
  await orders.readNextPage();
  await orders.readNextPage();

  await orders.catchUp();

  expect(orders.get(open.id)?.status).toBe('PAID');
});

test('catching up asks again for what was being read when it began', async () => {
  const old = orderOf();
  let answer: (value: unknown) => void = () => {};
  const slow = new Promise((resolve) => (answer = resolve));
  const { orders } = answering(slow, { order: { ...old, status: 'PAID', version: 3 } });
  const reading = orders.read(old.id);

  const catchUp = orders.catchUp();
  answer({ order: old });
  await Promise.all([reading, catchUp]);

  expect(orders.get(old.id)?.status).toBe('PAID');
});

test('a question that fails doesn’t keep catching up from its own', async () => {
  const { orders } = answering(new Error('lost'), { order: orderOf({ status: 'PAID', version: 3 }) });
  orders.merge(orderOf());

  const reading = expect(orders.read(orderOf().id)).rejects.toThrow('lost');
  await orders.catchUp();
  await reading;

  expect(orders.get(orderOf().id)?.status).toBe('PAID');
});

test('nothing is up to date while what the page asked for has no answer', async () => {
  const order = orderOf({ id: '01K0001', status: 'PAID' });
  const { orders } = answering(new NoAnswer('gone'), { order });
  await expect(orders.read(order.id)).rejects.toThrow(NoAnswer);

  await expect(orders.catchUp()).rejects.toThrow(NoAnswer);

  await vi.waitFor(() => expect(orders.get(order.id)).toEqual(order), { timeout: 3000 });
  await orders.catchUp();
});
