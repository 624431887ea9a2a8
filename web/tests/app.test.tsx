import { signal } from '@preact/signals';
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Execute } from '../src/api/client.ts';
import { App } from '../src/app.tsx';
import type { Desk } from '../src/desk.ts';
import { createDrafts } from '../src/orders/draft.ts';
import { createMenus } from '../src/orders/menus.ts';
import type { Standing } from '../src/orders/live_updates.ts';
import { answering, DISH, orderOf } from './sample_orders.ts';
import { CONFIG } from './sample_config.ts';

const OPEN = { changeableUntil: new Date(Date.now() + 3_600_000).toISOString() };
const ONE = orderOf({ ...OPEN, id: '01K9AAAAAAAAAAAAAAAAAAAAAA' });
const OTHER = orderOf({ ...OPEN, id: '01K9BBBBBBBBBBBBBBBBBBBBBB', name: 'Tiramisù' });

const RESTAURANTS = [{ id: DISH.restaurantId, name: 'Trattoria Roma' }];

beforeEach(() => sessionStorage.clear());
afterEach(cleanup);

/** The whole page at an address, for a customer of two orders. */
async function open(path: string, { config = CONFIG, drafts = createDrafts(sessionStorage) } = {}) {
  history.replaceState(null, '', path);
  const { orders } = answering();
  orders.merge(ONE);
  orders.merge(OTHER);
  const liveness = signal<Standing>('live');
  const desk = {
    config,
    session: { user: signal({ id: 'me', email: 'me@example.com' }), hasSignedOut: signal(false) },
    orders,
    menus: createMenus((() => Promise.resolve({ restaurants: RESTAURANTS, menu: [] })) as unknown as Execute),
    drafts,
    placing: {
      stage: signal('idle'),
      troubles: signal(new Map()),
      repriced: signal(new Set()),
      arrived: signal([]),
      count: signal(0),
    },
    liveness,
    hears: signal(true),
    isOutdated: signal(false),
    changeWindowSeconds: signal(300),
  };
  render(<App desk={desk as unknown as Desk} />);
  await act(() => Promise.resolve());
  return { ...desk, liveness };
}

/** Go to another page as the browser's history does: past all between. */
async function jump(path: string): Promise<void> {
  await act(() => {
    history.replaceState(null, '', path);
    dispatchEvent(new PopStateEvent('popstate'));
  });
}

const heading = () => screen.findByRole('heading', { level: 1, hidden: true });

test.each(['Change', 'Cancel order'])(
  'nothing of an order goes on at the page of another one, least of all its dialog (%s)',
  async (name) => {
    await open(`/orders/${OTHER.id}`);
    expect((await heading()).textContent).toBe('2 × Tiramisù');
    fireEvent.click(screen.getByRole('button', { name }));
    expect(await screen.findByRole('dialog', { hidden: true })).toBeTruthy();

    await jump(`/orders/${ONE.id}`);

    await waitFor(async () => expect((await heading()).textContent).toBe('2 × Margherita'));
    expect(screen.queryByRole('dialog', { hidden: true })).toBeNull();
    // Another page, which begins at its heading.
    await waitFor(async () => expect(document.activeElement).toBe(await heading()));
  },
);

test('a notice about one order isn’t there at another one', async () => {
  const { orders, drafts } = await open(`/orders/${OTHER.id}`);
  [ONE, OTHER].forEach((order) => orders.merge({ ...order, name: DISH.name, status: 'PAID', version: 2 }));
  drafts.setQuantity(DISH, 1);
  drafts.markSent(drafts.lines.value[0]?.id ?? '', 'me');
  fireEvent.click(await screen.findByRole('button', { name: 'Order again' }));
  await screen.findByRole('alert');

  await jump(`/orders/${ONE.id}`);

  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
});

const bar = (): string => document.querySelector('.liveness')?.textContent ?? '';

test('where news come by themselves the bar says Live', async () => {
  await open('/nowhere');

  expect(bar()).toBe('Live');
});

test('where they don’t, the bar says when the page asked for them last', async () => {
  const { orders, liveness } = await open('/nowhere', { config: { ...CONFIG, liveUpdates: false } });
  const at = new Date(orders.checkedAt.value ?? 0);

  expect(bar()).toBe(`Checked${at.toLocaleTimeString(undefined, { timeStyle: 'short' })}`);
  expect(document.querySelector('.liveness time')?.getAttribute('datetime')).toBe(at.toISOString());
  await act(() => {
    liveness.value = 'checking';
  });

  expect(bar()).toBe('Checking…');
});

test('where they don’t, and the page had nothing to ask for, the bar says nothing of it', async () => {
  const { orders } = await open('/nowhere', { config: { ...CONFIG, liveUpdates: false } });

  await act(() => orders.forget());

  expect(document.querySelector('.liveness')).toBeNull();
});

test('a restaurant that has left the list isn’t the one that is shown, whatever the basket holds of it', async () => {
  const drafts = createDrafts(sessionStorage);
  drafts.setQuantity({ ...DISH, restaurantId: 'closed' }, 1);

  await open('/', { drafts });

  expect(await screen.findByRole('radio', { name: 'Trattoria Roma', checked: true })).toBeTruthy();
  expect(screen.getByRole('region', { name: 'Menu of Trattoria Roma' })).toBeTruthy();
  await waitFor(() =>
    expect(screen.getByRole('alert').textContent).toBe('Margherita isn’t on the menu at the moment.'),
  );
});
