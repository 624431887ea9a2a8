import { signal } from '@preact/signals';
import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/preact';
import { LocationProvider, Route, Router } from 'preact-iso';
import { afterEach, expect, test } from 'vitest';
import type { Execute } from '../src/api/client.ts';
import type { Order } from '../src/api/documents.ts';
import { Refused } from '../src/api/errors.ts';
import { DeskContext, type Desk } from '../src/desk.ts';
import { createDrafts } from '../src/orders/draft.ts';
import type { Menus } from '../src/orders/menus.ts';
import { createPlacing } from '../src/orders/placing.ts';
import { OrderPage } from '../src/pages/order.tsx';
import { answering, DISH, orderOf } from './sample_orders.ts';

// It decides which of two answers is newer.
const NOT_SHOWN: ReadonlySet<keyof Order> = new Set(['version']);
const HERE = [orderOf(), orderOf({ status: 'FAILED', failureReason: 'CARD_DECLINED' })];
// Other values that mean something; of any other field another text or number will do.
const OTHER: Partial<Order> = {
  currency: 'JPY',
  status: 'PAYING',
  failureReason: 'INSUFFICIENT_FUNDS',
  createdAt: '2026-11-24T12:00:00.000Z',
  updatedAt: '2026-11-26T12:00:00.000Z',
  changeableUntil: new Date(Date.now() + 3_600_000).toISOString(),
};

afterEach(() => {
  cleanup();
  sessionStorage.clear();
});

/** Open the page at an order's address, on a desk whose API gives this answer. */
function open(id: string, answer: unknown, drafts = createDrafts(sessionStorage), hears = true) {
  const { execute, orders } = answering(answer);
  const menus = {
    dishes: signal(new Map()),
    needRestaurants: () => Promise.resolve(),
    nameOf: (name: string) => name,
    readDishes: () => Promise.resolve(),
  };
  createPlacing(execute as unknown as Execute, drafts, orders, menus as unknown as Menus);
  history.replaceState(null, '', `/orders/${id}`);
  const desk = {
    drafts,
    orders,
    menus,
    changeWindowSeconds: { value: 300 },
    hears: signal(hears),
    isOutdated: signal(false),
  };
  render(
    <DeskContext.Provider value={desk as unknown as Desk}>
      <LocationProvider>
        <Router>{[<Route key="order" path="/orders/:id" component={OrderPage} />]}</Router>
      </LocationProvider>
    </DeskContext.Provider>,
  );
  return execute;
}

async function shown(order: Order): Promise<string> {
  open(order.id, { order });
  await screen.findByText('Order number');
  const html = document.body.innerHTML;
  cleanup();
  return html;
}

function withOther(order: Order, field: keyof Order): Order {
  const value = order[field];
  return { ...order, [field]: OTHER[field] ?? (typeof value === 'number' ? value + 1 : 'something else') };
}

const fields = Object.keys(orderOf()) as (keyof Order)[];

test.each(fields.filter((field) => !NOT_SHOWN.has(field)))('the page of an order shows its %s', async (field) => {
  const differs: boolean[] = [];

  for (const order of HERE) {
    differs.push((await shown(order)) !== (await shown(withOther(order, field))));
  }

  expect(differs).toContain(true);
});

test.each([
  ['x', new Refused('InvalidInput', 'id must be a ULID in upper case, got "x"')],
  ['01K9ZZZZZZZZZZZZZZZZZZZZZZ', { order: null }],
])('an address of no order says so and leads to the orders: %s', async (id, answer) => {
  open(id, answer);

  const notice = await screen.findByRole('alert');

  expect(notice.textContent).toBe('This order doesn’t exist, or it isn’t yours.See your orders');
  expect(within(notice).getByRole('link').getAttribute('href')).toBe('/orders');
});

test.each([
  ['CARD_DECLINED', 'Order again with another card'],
  ['PAYMENT_UNAVAILABLE', 'Order again'],
  [null, 'Order again'],
])('another card is asked for where the bank refused this one: %s', async (failureReason, words) => {
  const order = orderOf({ status: 'FAILED', failureReason });
  open(order.id, { order });

  const button = await screen.findByRole('button', { name: /^Order again/ });

  expect(button.textContent).toBe(words);
});

test('a dish whose order has no answer yet isn’t ordered again, and why is said', async () => {
  const drafts = createDrafts(sessionStorage);
  drafts.setQuantity(DISH, 1);
  const sent = drafts.lines.value[0]?.id ?? '';
  drafts.markSent(sent, 'me');
  const order = orderOf({ status: 'PAID' });
  open(order.id, { order }, drafts);

  fireEvent.click(await screen.findByRole('button', { name: 'Order again' }));

  const notice = await screen.findByRole('alert');
  expect(notice.textContent).toMatch(/^This dish is in your basket already, and we don’t know yet/);
  expect(within(notice).getByRole('link').getAttribute('href')).toBe('/');
  expect(location.pathname).toBe(`/orders/${order.id}`);
  drafts.markRefused(sent);
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
  fireEvent.click(screen.getByRole('button', { name: 'Order again' }));
  await waitFor(() => expect(location.pathname).toBe('/'));
  expect(drafts.lines.value).toMatchObject([{ quantity: 3 }]);
});

test('an order that had no answer in the basket has one once its page is opened, and is ordered again', async () => {
  const drafts = createDrafts(sessionStorage);
  drafts.setQuantity(DISH, 2);
  const id = drafts.lines.value[0]?.id ?? '';
  drafts.markSent(id, 'me');
  open(id, { order: orderOf({ id, status: 'CANCELLED' }) }, drafts);

  fireEvent.click(await screen.findByRole('button', { name: 'Order again' }));

  await waitFor(() => expect(location.pathname).toBe('/'));
  expect(drafts.lines.value).toMatchObject([{ quantity: 2, isSent: false }]);
  expect(drafts.lines.value[0]?.id).not.toBe(id);
});

test.each([
  ['Change', false, 1],
  ['Cancel order', false, 1],
  ['Change', true, 0],
])('%s asks how the order stands, unless news come by themselves (%s)', async (name, hears, count) => {
  const order = orderOf({ changeableUntil: new Date(Date.now() + 60_000).toISOString() });
  const now = { ...order, quantity: 4, version: 2 };
  const execute = open(order.id, { order }, createDrafts(sessionStorage), hears);
  await screen.findByRole('button', { name });
  execute.mockClear().mockImplementation(() => Promise.resolve({ order: now, menu: [] }));

  fireEvent.click(screen.getByRole('button', { name }));

  const told = 'This order has changed meanwhile: it is 4 × Margherita now.';
  const dialog = () => screen.getByRole('dialog', { hidden: true }).textContent;
  await waitFor(() => expect(dialog().includes(told)).toBe(count > 0));
  expect(execute).toHaveBeenCalledTimes(count);
});
