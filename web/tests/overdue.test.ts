import { signal } from '@preact/signals';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { learnServerTime } from '../src/orders/clock.ts';
import { askForOverdue } from '../src/orders/overdue.ts';
import { answering, orderOf } from './sample_orders.ts';

const NOW = Date.parse('2026-11-25T12:00:00.000Z');

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  learnServerTime(NOW, NOW, NOW);
});

afterEach(() => vi.useRealTimers());

/** Orders whose catching up is counted, and brings nothing. */
function begin(hears = signal(false)) {
  const { orders } = answering();
  const catchUp = vi.spyOn(orders, 'catchUp').mockResolvedValue();
  askForOverdue(orders, hears);
  return { orders, catchUp };
}

const changeableFor = (milliseconds: number, ahead = 0) =>
  orderOf({ changeableUntil: new Date(NOW + ahead + milliseconds).toISOString() });
const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

test('an order that stands still is asked for soon, and then ever less often', async () => {
  const { orders, catchUp } = begin();
  orders.merge(orderOf());

  await pass(1_000);
  expect(catchUp).toHaveBeenCalledTimes(1);
  await pass(6_000);
  expect(catchUp).toHaveBeenCalledTimes(3);
  await pass(600_000);

  expect(catchUp.mock.calls.length).toBeLessThan(17);
});

test('a page that hears of its orders asks later, and as soon as ever when it hears no more', async () => {
  const hears = signal(true);
  const { orders, catchUp } = begin(hears);
  orders.merge(orderOf());

  await pass(3_900);
  expect(catchUp).not.toHaveBeenCalled();
  hears.value = false;
  await pass(1_000);

  expect(catchUp).toHaveBeenCalledTimes(1);
});

test('an order that moves is not asked for, nor one that is finished', async () => {
  const { orders, catchUp } = begin();
  orders.merge(orderOf());
  await pass(900);
  orders.merge(orderOf({ status: 'PAYING', version: 2 }));
  await pass(900);
  orders.merge(orderOf({ status: 'PAID', version: 3 }));

  await pass(600_000);

  expect(catchUp).not.toHaveBeenCalled();
});

test('an answer that says the same doesn’t make it ask more often', async () => {
  const { orders, catchUp } = begin();
  catchUp.mockImplementation(() => {
    orders.merge(orderOf());
    return Promise.resolve();
  });
  orders.merge(orderOf());

  await pass(63_000);

  expect(catchUp).toHaveBeenCalledTimes(6);
});

test('while an order can be changed nothing is asked, and soon after its change window has ended it is', async () => {
  const { orders, catchUp } = begin();
  orders.merge(changeableFor(30_000));

  await pass(30_000);
  expect(catchUp).not.toHaveBeenCalled();
  await pass(1_000);

  expect(catchUp).toHaveBeenCalledTimes(1);
});

test('the window ends by the server’s clock', async () => {
  learnServerTime(NOW + 3_600_000, NOW, NOW);
  const { orders, catchUp } = begin();
  orders.merge(changeableFor(30_000, 3_600_000));

  await pass(29_000);
  expect(catchUp).not.toHaveBeenCalled();
  await pass(3_000);

  expect(catchUp).toHaveBeenCalledTimes(1);
});

test('each order’s window has its end, also where another order stands still', async () => {
  const { orders, catchUp } = begin();
  orders.merge(orderOf({ id: '01K0001' }));
  orders.merge({ ...changeableFor(40_000), id: '01K0002' });
  await pass(40_000);
  catchUp.mockClear();

  await pass(1_000);

  expect(catchUp).toHaveBeenCalledTimes(1);
});

test('an order that was read long after its window had ended is asked for at once', async () => {
  const { orders, catchUp } = begin();
  await pass(600_000);

  orders.merge(changeableFor(30_000));
  await pass(1_001);

  expect(catchUp).toHaveBeenCalledTimes(1);
});

test('who signs out isn’t asked for, and what can’t be read is asked for again', async () => {
  const { orders, catchUp } = begin();
  catchUp.mockRejectedValue(new Error('no answer'));
  orders.merge(orderOf());
  await pass(3_000);
  expect(catchUp).toHaveBeenCalledTimes(2);

  orders.forget();
  await pass(600_000);

  expect(catchUp).toHaveBeenCalledTimes(2);
});

test('while the browser is offline nothing is asked, and once it is online it is', async () => {
  const { orders, catchUp } = begin();
  dispatchEvent(new Event('offline'));
  orders.merge(orderOf());
  await pass(600_000);
  expect(catchUp).not.toHaveBeenCalled();

  dispatchEvent(new Event('online'));
  await pass(1_000);

  expect(catchUp).toHaveBeenCalledTimes(1);
});

test('once the server’s time is learnt anew, no order is overdue by what it was taken for', async () => {
  const { orders, catchUp } = begin();
  orders.merge(changeableFor(10_000));
  vi.setSystemTime(NOW + 3_600_000);
  await pass(10_000);
  learnServerTime(NOW + 10_000, Date.now(), Date.now());
  orders.forget();
  await pass(60_000);
  catchUp.mockClear();

  orders.merge(changeableFor(60_000, 70_000));
  await pass(50_000);

  expect(catchUp).not.toHaveBeenCalled();
});
