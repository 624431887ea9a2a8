import { expect, test } from 'vitest';
import { contentOf, type Order } from '../src/api/documents.ts';
import { NoAnswer, Refused, SignedOut, Undone, Unsure } from '../src/api/errors.ts';
import { answering, orderOf } from './sample_orders.ts';

const lost = new NoAnswer('timeout');
const SHOWN = { unitPrice: 950, currency: 'EUR' };
const tooLate = new Refused('OrderNotChangeable', 'order is CANCELLED');
const ONE = orderOf({ quantity: 1 });
const THREE = orderOf({ quantity: 3, version: 2 });
const CANCELLED = orderOf({ status: 'CANCELLED', version: 2 });
const PAYING = orderOf({ quantity: 1, status: 'PAYING', version: 2 });

test('a change is sent with all of the order’s content, which would else be erased, and the price shown', async () => {
  const { execute, orders } = answering({ updateOrder: THREE });

  await orders.change(ONE, { quantity: 3 }, SHOWN);

  expect(execute).toHaveBeenCalledWith(expect.anything(), {
    input: { ...contentOf(THREE), expectedUnitPrice: 950, expectedCurrency: 'EUR' },
  });
});

test.each<[string, (order: Order) => Order]>([
  ['it waits', (order) => order],
  ['its payment has begun', (order) => ({ ...order, status: 'PAYING', version: 3 })],
])('a change whose answer was lost is made when the order says so (%s)', async (_, now) => {
  const { orders } = answering(lost, { order: now(THREE) });
  orders.merge(ONE);

  await orders.change(ONE, { quantity: 3 }, SHOWN);

  expect(orders.get(ONE.id)).toEqual(now(THREE));
});

test('a change that is sent again after its payment began is made all the same', async () => {
  const { orders } = answering(tooLate, { order: { ...THREE, status: 'PAID', version: 4 } });

  await expect(orders.change(ONE, { quantity: 3 }, SHOWN)).resolves.toMatchObject({ quantity: 3 });
});

test('a cancellation whose answer was lost is done when the order is cancelled', async () => {
  const { orders } = answering(lost, { order: CANCELLED });
  orders.merge(ONE);

  await orders.cancel(ONE.id);

  expect(orders.get(ONE.id)?.status).toBe('CANCELLED');
});

test('an order that was cancelled already is cancelled as asked', async () => {
  const { orders } = answering(tooLate, { order: CANCELLED });

  await expect(orders.cancel(ONE.id)).resolves.toEqual(CANCELLED);
});

test('what didn’t arrive says that nothing has changed', async () => {
  const { orders } = answering(lost, { order: ONE }, lost, { order: ONE });

  await expect(orders.change(ONE, { quantity: 3 }, SHOWN)).rejects.toThrow(Undone);
  await expect(orders.cancel(ONE.id)).rejects.toThrow(Undone);
});

test('what didn’t arrive in time says that it is too late, and shows what stands', async () => {
  const { orders } = answering(lost, { order: PAYING }, tooLate, { order: PAYING });

  await expect(orders.change(ONE, { quantity: 3 }, SHOWN)).rejects.toMatchObject({ type: 'OrderNotChangeable' });
  await expect(orders.cancel(ONE.id)).rejects.toMatchObject({ type: 'OrderNotChangeable' });
  expect(orders.get(ONE.id)?.status).toBe('PAYING');
});

test('a change of an order that was cancelled elsewhere is not made, whatever its content', async () => {
  const { orders } = answering(tooLate, { order: { ...THREE, status: 'CANCELLED' } });

  await expect(orders.change(ONE, { quantity: 3 }, SHOWN)).rejects.toMatchObject({ type: 'OrderNotChangeable' });
});

test.each([
  ['lost', lost, lost],
  ['too late', tooLate, lost],
  ['lost, then a firewall', lost, new Refused('ForbiddenException', 'answered 403')],
])('when the order can’t be read either (%s), nobody knows', async (_, answer, unread) => {
  const { orders } = answering(answer, unread);

  await expect(orders.cancel(ONE.id)).rejects.toThrow(Unsure);
});

test('a change at another price than the one shown is refused as such, and not looked up', async () => {
  const repriced = new Refused('PriceChanged', 'expectedUnitPrice must be 4500, got 950');
  const { execute, orders } = answering(repriced);

  await expect(orders.change(ONE, { quantity: 3 }, SHOWN)).rejects.toBe(repriced);
  expect(execute).toHaveBeenCalledTimes(1);
});

test('other refusals, and the end of the session, are told as they are', async () => {
  const unknown = new Refused('UnknownMenuItem', 'no such dish');
  const { execute, orders } = answering(unknown, lost, new SignedOut('over'));

  await expect(orders.change(ONE, { name: 'Nothing' }, SHOWN)).rejects.toBe(unknown);
  expect(execute).toHaveBeenCalledTimes(1);
  await expect(orders.cancel(ONE.id)).rejects.toThrow(SignedOut);
});

test('what the end of a session interrupted is known until the next session’s end', async () => {
  const over = new SignedOut('over');
  const { orders } = answering(over, lost, over, lost, { order: ONE });

  await orders.change(ONE, { quantity: 3 }, SHOWN).catch(() => null);
  expect(orders.interrupted.value).toBe('changed');
  await orders.cancel(ONE.id).catch(() => null);
  expect(orders.interrupted.value).toBe('cancelled');
  orders.forget();
  await orders.cancel(ONE.id).catch(() => null);

  expect(orders.interrupted.value).toBeNull();
});
