import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { LocationProvider } from 'preact-iso';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { NoAnswer } from '../src/api/errors.ts';
import { DeskContext, type Desk } from '../src/desk.ts';
import type { Orders } from '../src/orders/orders.ts';
import { OrdersPage } from '../src/pages/orders.tsx';
import { comeBack, rememberScroll } from '../src/parts/scroll_position.ts';
import { CONFIG } from './sample_config.ts';
import { answering, ids } from './sample_orders.ts';

const ALL = ids(120).map((order) => ({ ...order, status: 'PAID' as const }));
const menus = { needRestaurants: () => Promise.resolve(), nameOf: (id: string) => id };

/** What watches the end of the list; calling it says that the end is near. */
const watching = new Set<() => void>();

beforeEach(() => {
  history.replaceState(null, '', '/');
  watching.clear();
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      readonly #tell: () => void;
      constructor(tell: (entries: { isIntersecting: boolean }[]) => void) {
        this.#tell = () => tell([{ isIntersecting: true }]);
      }
      observe = () => watching.add(this.#tell);
      disconnect = () => watching.delete(this.#tell);
    },
  );
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const rows = () => screen.queryAllByRole('listitem');
const button = () => screen.getByRole('button', { name: 'Show earlier orders' });

async function shown(orders: Orders, config = CONFIG): Promise<void> {
  render(
    <DeskContext.Provider value={{ config, orders, menus } as unknown as Desk}>
      <LocationProvider>
        <OrdersPage />
      </LocationProvider>
    </DeskContext.Provider>,
  );
  await waitFor(() => expect(rows()).toHaveLength(50));
}

async function pressForEarlier(count: number): Promise<void> {
  button().focus();
  fireEvent.click(button());
  await waitFor(() => expect(rows()).toHaveLength(count));
}

/** Scroll to the end of the list. */
async function scrollToTheEnd(): Promise<void> {
  await waitFor(() => expect(watching.size).toBe(1));
  await act(() => watching.forEach((tell) => tell()));
}

test('the last earlier orders take the focus from their button, which is gone', async () => {
  const { orders } = answering({ orders: ALL.slice(0, 50) }, { orders: ALL.slice(50, 53) });
  await shown(orders);

  await pressForEarlier(53);

  await waitFor(() => expect(document.activeElement).toBe(screen.getAllByRole('link')[50]));
});

test('a list that got shorter elsewhere leaves the focus where it is', async () => {
  const { orders } = answering(
    { orders: ALL.slice(0, 50) },
    { orders: ALL.slice(50, 100) },
    { orders: ALL.slice(1, 100) },
  );
  await shown(orders);
  await pressForEarlier(100);
  const before = screen.getAllByRole('link')[7] as HTMLElement;
  before.focus();

  await act(() => orders.catchUp());

  await waitFor(() => expect(screen.queryByRole('button')).toBeNull());
  expect(document.activeElement).toBe(before);
});

test('who scrolls to the end is brought earlier orders, page after page, and keeps the focus', async () => {
  const { execute, orders } = answering(
    { orders: ALL.slice(0, 50) },
    { orders: ALL.slice(50, 100) },
    { orders: ALL.slice(100, 120) },
  );
  await shown(orders);
  const first = screen.getAllByRole('link')[0] as HTMLElement;
  first.focus();

  await scrollToTheEnd();
  await waitFor(() => expect(rows()).toHaveLength(100));
  await scrollToTheEnd();
  await waitFor(() => expect(rows()).toHaveLength(120));

  expect(execute).toHaveBeenCalledTimes(3);
  expect(screen.queryByRole('button')).toBeNull();
  expect(document.activeElement).toBe(first);
});

test('earlier orders that could not be read wait for the button', async () => {
  const { execute, orders } = answering({ orders: ALL.slice(0, 50) }, new NoAnswer('502'), {
    orders: ALL.slice(50, 53),
  });
  await shown(orders);

  await scrollToTheEnd();
  await screen.findByRole('alert');
  await waitFor(() => expect(watching.size).toBe(0));
  await pressForEarlier(53);

  expect(execute).toHaveBeenCalledTimes(3);
});

test('who comes back after a reload finds as many orders, though others came in meanwhile', async () => {
  const before = answering({ orders: ALL.slice(1, 51) }, { orders: ALL.slice(51, 101) });
  rememberScroll();
  history.replaceState(null, '', '/orders');
  await shown(before.orders);
  await pressForEarlier(100);
  cleanup();
  const after = answering({ orders: ALL.slice(0, 50) }, { orders: ALL.slice(50, 120) });

  comeBack('/orders');
  render(
    <DeskContext.Provider value={{ config: CONFIG, orders: after.orders, menus } as unknown as Desk}>
      <OrdersPage />
    </DeskContext.Provider>,
  );

  await waitFor(() => expect(rows()).toHaveLength(120));
  expect(after.execute).toHaveBeenCalledTimes(2);
});

test('a browser that can’t watch the end of the list has the button', async () => {
  vi.stubGlobal('IntersectionObserver', undefined);
  const { orders } = answering({ orders: ALL.slice(0, 50) }, { orders: ALL.slice(50, 53) });
  await shown(orders);

  await pressForEarlier(53);
});

test('who comes back to the list finds the pages that were read', async () => {
  const { orders } = answering(
    { orders: ALL.slice(0, 50) },
    { orders: ALL.slice(50, 100) },
    { orders: ALL.slice(0, 50) },
  );
  await shown(orders);
  await pressForEarlier(100);
  cleanup();

  render(
    <DeskContext.Provider value={{ config: CONFIG, orders, menus } as unknown as Desk}>
      <OrdersPage />
    </DeskContext.Provider>,
  );
  expect(rows()).toHaveLength(100);
  await act(() => Promise.resolve());

  expect(rows()).toHaveLength(100);
  expect(button()).toBeTruthy();
});

test('that orders move by themselves is said only where they do', async () => {
  const { orders } = answering({ orders: ALL.slice(0, 50) }, { orders: ALL.slice(0, 50) });
  await shown(orders);
  expect(document.body.textContent).toContain('Each one moves here by itself.');
  cleanup();

  await shown(orders, { ...CONFIG, liveUpdates: false });

  expect(document.body.textContent).not.toContain('by itself');
  expect(document.body.textContent).toContain('The page looks for news when you come back to it');
});
