import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, expect, test } from 'vitest';
import { DeskContext, type Desk } from '../src/desk.ts';
import type { Orders } from '../src/orders/orders.ts';
import { OrdersPage } from '../src/pages/orders.tsx';
import { answering, ids } from './orders_of.ts';

const ALL = ids(25).map((order) => ({ ...order, status: 'PAID' as const }));
const menus = { readRestaurants: () => Promise.resolve(), nameOf: (id: string) => id };

afterEach(cleanup);

async function shown(orders: Orders): Promise<void> {
  render(
    <DeskContext.Provider value={{ orders, menus } as unknown as Desk}>
      <OrdersPage />
    </DeskContext.Provider>,
  );
  await waitFor(() => expect(screen.getAllByRole('listitem')).toHaveLength(10));
}

async function showEarlier(count: number): Promise<void> {
  fireEvent.click(screen.getByRole('button'));
  await waitFor(() => expect(screen.getAllByRole('listitem')).toHaveLength(count));
}

test('the last earlier orders take the focus, since their button is gone', async () => {
  const { orders } = answering({ orders: ALL.slice(0, 10) }, { orders: ALL.slice(10, 13) });
  await shown(orders);

  await showEarlier(13);

  await waitFor(() => expect(document.activeElement).toBe(screen.getAllByRole('link')[10]));
});

test('a list that got shorter elsewhere leaves the focus where it is', async () => {
  const { orders } = answering(
    { orders: ALL.slice(0, 10) },
    { orders: ALL.slice(10, 20) },
    { orders: ALL.slice(1, 20) },
  );
  await shown(orders);
  await showEarlier(20);
  const before = document.activeElement;

  await act(() => orders.catchUp());

  await waitFor(() => expect(screen.queryByRole('button')).toBeNull());
  expect(document.activeElement).toBe(before);
});
