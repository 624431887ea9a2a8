import { act, cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { signal } from '@preact/signals';
import { LocationProvider } from 'preact-iso';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Execute } from '../src/api/client.ts';
import type { MenuItem, Order } from '../src/api/documents.ts';
import { DeskContext, type Desk } from '../src/desk.ts';
import { Basket } from '../src/order_form/basket.tsx';
import { createDrafts, type Drafts } from '../src/orders/draft.ts';
import { createMenus, type Menus } from '../src/orders/menus.ts';
import { DISH, orderOf } from './sample_orders.ts';

const TIRAMISU = { ...DISH, name: 'Tiramisù', unitPrice: 580 };

beforeEach(() => {
  sessionStorage.clear();
  history.replaceState(null, '', '/');
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

/** A basket with both dishes, and the menus that it goes by; `read` says what the menu has. */
async function shown() {
  const drafts = createDrafts(sessionStorage);
  drafts.setQuantity(DISH, 1);
  drafts.setQuantity(TIRAMISU, 1);
  let menu: readonly MenuItem[] = [];
  const menus: Menus = createMenus((() => Promise.resolve({ menu })) as unknown as Execute);
  const read = async (...items: MenuItem[]): Promise<void> => {
    menu = items;
    await act(() => menus.readDishes(DISH.restaurantId));
  };
  const arrived = signal<readonly string[]>([]);
  const place = vi.fn<() => Promise<readonly Order[]>>().mockResolvedValue([]);
  const placing = {
    stage: signal('idle'),
    troubles: signal(new Map()),
    repriced: signal(new Set<string>()),
    arrived,
    count: signal(0),
    place,
  };
  const changeWindowSeconds = signal(0);
  const session = { user: signal({ id: 'me' }) };
  const isOutdated = signal(false);
  const desk = { changeWindowSeconds, drafts, isOutdated, menus, placing, session } as unknown as Desk;
  render(
    <DeskContext.Provider value={desk}>
      <LocationProvider>
        <Basket />
      </LocationProvider>
    </DeskContext.Provider>,
  );
  await read({ ...DISH, available: true }, { ...TIRAMISU, available: true });
  return { arrived, changeWindowSeconds, drafts, place, placing, read };
}

const basket = (): string => screen.getByRole('complementary').textContent;
const submit = (): Promise<void> =>
  act(async () => {
    fireEvent(
      document.querySelector('form') as HTMLFormElement,
      new SubmitEvent('submit', { bubbles: true, cancelable: true, submitter: placeButton() }),
    );
    await Promise.resolve();
  });
const placeButton = () => screen.queryByRole('button', { name: 'Place order' });

test('a dish that is gone is named, can be removed, and is not ordered', async () => {
  const { read } = await shown();
  expect(basket()).toContain('Total €15.30');
  expect(placeButton()).not.toBeNull();

  await read({ ...TIRAMISU, available: true });
  expect(screen.getByRole('alert').textContent).toBe('Margherita isn’t on the menu at the moment.');
  expect(placeButton()).toBeNull();
  await act(() => {
    fireEvent.click(screen.getByRole('button', { name: 'Remove Margherita' }));
  });

  expect(screen.queryByRole('alert')).toBeNull();
  expect(basket()).toContain('Total €5.80');
  expect(placeButton()).not.toBeNull();
});

test('the question about one new price shows every new price at which it places', async () => {
  const { drafts, place, placing, read } = await shown();
  place.mockImplementation(async () => {
    await read({ ...DISH, available: true, unitPrice: 4500 }, { ...TIRAMISU, available: true, unitPrice: 9900 });
    placing.repriced.value = new Set([drafts.lines.value[0]?.id ?? '']); // the other was refused for another reason
    return [];
  });

  await submit();

  const dialog = (await screen.findByRole('dialog')).textContent;
  expect(dialog).toContain('Prices have changed');
  expect(dialog).toContain('€99.00');
  expect(dialog).toContain('Total €144.00');
});

test('a price that comes while the button is pressed is not agreed to', async () => {
  const { drafts, read } = await shown();
  fireEvent.pointerDown(placeButton() as HTMLElement);
  await read({ ...DISH, available: true, unitPrice: 4500 }, { ...TIRAMISU, available: true });

  await submit();
  expect(drafts.lines.value.map(({ unitPrice }) => unitPrice)).toEqual([950, 580]);
  fireEvent.pointerDown(placeButton() as HTMLElement);
  await submit();

  expect(drafts.lines.value.map(({ unitPrice }) => unitPrice)).toEqual([4500, 580]);
});

test('a price that has been there for a second is agreed to, however the button is pressed', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const { drafts, read } = await shown();
  fireEvent.pointerDown(document.body);
  await read({ ...DISH, available: true, unitPrice: 4500 }, { ...TIRAMISU, available: true });

  await submit();
  expect(drafts.lines.value[0]?.unitPrice).toBe(950);
  vi.advanceTimersByTime(1001);
  await submit();

  expect(drafts.lines.value[0]?.unitPrice).toBe(4500);
});

test('what can’t be placed at all isn’t said to be placeable', async () => {
  const { read } = await shown();

  await read({ ...TIRAMISU, available: true });
  expect(basket()).toContain('Remove what isn’t on the menu, and you can place the rest.');
  await read();

  expect(basket()).toContain('Remove what isn’t on the menu, and choose something else.');
  expect(basket()).not.toMatch(/you can place/);
});

test('a dish that isn’t available now is gone until it is', async () => {
  const { read } = await shown();

  await read({ ...DISH, available: false }, { ...TIRAMISU, available: true });
  expect(placeButton()).toBeNull();
  await read({ ...DISH, available: true }, { ...TIRAMISU, available: true });

  expect(placeButton()).not.toBeNull();
});

test('the button that goes with a dish leaves the focus in the basket', async () => {
  const { read } = await shown();
  placeButton()?.focus();

  await read({ ...TIRAMISU, available: true });

  expect(document.activeElement).toBe(screen.getByRole('complementary'));
});

test('the button that goes because its dish is back leaves the focus in the basket', async () => {
  const { read } = await shown();
  await read({ ...TIRAMISU, available: true });
  screen.getByRole('button', { name: 'Remove Margherita' }).focus();

  await read({ ...DISH, available: true }, { ...TIRAMISU, available: true });

  expect(document.activeElement).toBe(screen.getByRole('complementary'));
});

test.each([
  ['is an order, as it turned out', (drafts: Drafts, id: string) => drafts.remove(id)],
  ['is none', (drafts: Drafts, id: string) => drafts.markRefused(id)],
])('the button to leave what has no answer leaves the focus in the basket when that %s', async (_, turnOut) => {
  const { drafts } = await shown();
  const id = drafts.lines.value[0]?.id ?? '';
  await act(() => drafts.markSent(id, 'somebody'));
  screen.getByRole('button', { name: 'Leave it' }).focus();

  await act(() => turnOut(drafts, id));

  expect(document.activeElement).toBe(screen.getByRole('complementary'));
});

test('placing by the Enter key puts the focus on the button, since the cards can’t be chosen meanwhile', async () => {
  await shown();
  screen.getByRole('radio', { name: /insufficient/ }).focus();

  await submit();

  expect(document.activeElement).toBe(placeButton());
});

test('how many were placed is said until all are, however often the rest is tried, and whatever arrives by itself', async () => {
  const { drafts, place, placing, read } = await shown();
  const [risotto, gnocchi] = [
    { ...DISH, name: 'Risotto' },
    { ...DISH, name: 'Gnocchi' },
  ];
  const becomeAnOrder = (): void => {
    drafts.remove(drafts.lines.value[0]?.id ?? '');
    placing.count.value += 1;
  };
  const placeNext = (): Promise<readonly Order[]> => {
    becomeAnOrder();
    return Promise.resolve([orderOf()]);
  };
  const notice = (): HTMLElement => screen.getByRole('alert');
  await read(...[DISH, TIRAMISU, risotto, gnocchi].map((dish) => ({ ...dish, available: true })));
  await act(() => [risotto, gnocchi].forEach((dish) => drafts.setQuantity(dish, 1)));
  place.mockImplementationOnce(placeNext);
  await submit();
  expect(notice().textContent).toContain('1 of 4 orders placed.');
  expect(document.activeElement).toBe(notice().parentElement);

  await submit();
  expect(notice().textContent).toContain('1 of 4 orders placed.');
  placeButton()?.focus();
  await act(becomeAnOrder);
  expect(notice().textContent).toContain('2 of 4 orders placed.');
  expect(document.activeElement).toBe(placeButton());
  place.mockImplementationOnce(placeNext);
  await submit();
  expect(notice().textContent).toContain('3 of 4 orders placed.');
  await vi.waitFor(() => expect(document.activeElement).toBe(notice().parentElement));
  await act(() => drafts.setQuantity(risotto, 1));
  await act(() => drafts.remove(drafts.lines.value[0]?.id ?? ''));

  expect(notice().textContent).toContain('3 of 4 orders placed.');
});

test('what is put in or taken out after a press changes nothing of how many that one asked for', async () => {
  const { drafts, place, placing, read } = await shown();
  const [risotto, gnocchi] = [
    { ...DISH, name: 'Risotto' },
    { ...DISH, name: 'Gnocchi' },
  ];
  await read(...[DISH, TIRAMISU, risotto, gnocchi].map((dish) => ({ ...dish, available: true })));
  const notice = (): string => screen.getByRole('alert').textContent;
  const removeFirst = (): Promise<void> => act(() => drafts.remove(drafts.lines.value[0]?.id ?? ''));
  place.mockImplementation(async () => {
    await removeFirst();
    placing.count.value += 1;
    return [orderOf()];
  });
  await submit();
  expect(notice()).toBe('1 of 2 orders placed. The rest is still here, below. See your orders');

  await act(() => [risotto, gnocchi].forEach((dish) => drafts.setQuantity(dish, 1)));
  expect(notice()).toBe('1 of 2 orders placed. The rest is still here, below. See your orders');
  await removeFirst();

  expect(notice()).toBe('1 of 2 orders placed. See your orders');
  await submit();
  expect(notice()).toBe('2 of 3 orders placed. The rest is still here, below. See your orders');
});

test('the change window is promised as it is now', async () => {
  const { changeWindowSeconds } = await shown();
  expect(basket()).not.toContain('You can change');

  await act(() => {
    changeWindowSeconds.value = 60;
  });

  expect(basket()).toContain('You can change or cancel it for 60 seconds.');
});

test('what another account had sent leaves the basket, which says so until something is placed', async () => {
  const { drafts } = await shown();
  const [sent, kept] = drafts.lines.value;
  await act(() => {
    drafts.markSent(sent?.id ?? '', 'somebody');
    drafts.adopt('somebody');
  });
  expect(basket()).not.toContain('another account');

  await act(() => drafts.adopt('somebody-else'));
  expect(basket()).toContain('A dish isn’t here any more: it was sent with another account');
  expect(basket()).not.toContain('Margherita');
  await act(() => drafts.markSent(kept?.id ?? '', 'somebody-else'));

  expect(basket()).not.toContain('another account');
});

test('an order that arrived although no answer came leads to it, and several lead to the orders', async () => {
  const { arrived } = await shown();
  const way = () => screen.getByRole('link').getAttribute('href');

  await act(() => void (arrived.value = ['01K9A']));
  expect(basket()).toMatch(/^Your orderAn order that we weren’t sure of arrived/);
  expect(way()).toBe('/orders/01K9A');
  await act(() => void (arrived.value = ['01K9A', '01K9B']));

  expect(basket()).toMatch(/^Your order2 orders that we/);
  expect(way()).toBe('/orders');
});
