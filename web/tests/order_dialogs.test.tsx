import { signal } from '@preact/signals';
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, expect, test, vi } from 'vitest';
import type { Execute } from '../src/api/client.ts';
import type { Order } from '../src/api/documents.ts';
import { NoAnswer, Refused } from '../src/api/errors.ts';
import { DeskContext, type Desk } from '../src/desk.ts';
import { CancelDialog } from '../src/order_view/cancel_dialog.tsx';
import { ChangeDialog } from '../src/order_view/change_dialog.tsx';
import { createDrafts } from '../src/orders/draft.ts';
import { createMenus } from '../src/orders/menus.ts';
import { answering, DISH, orderOf } from './sample_orders.ts';

const ORDER = orderOf({ quantity: 1, changeableUntil: '2026-11-25T12:05:00.000Z' });
const REPRICED = new Refused('PriceChanged', 'expectedUnitPrice must be 4500, got 950');

afterEach(() => {
  cleanup();
  sessionStorage.clear();
});

const menuAt = (unitPrice: number, currency = 'EUR') => ({ menu: [{ ...DISH, unitPrice, currency, available: true }] });

/** A dialog about an order, on a desk whose API gives these answers, one call after the other. */
async function shown(Content: typeof ChangeDialog, ...answers: unknown[]) {
  const { execute, orders } = answering(...answers);
  const menus = createMenus(execute as unknown as Execute);
  const onClose = vi.fn();
  const isOutdated = signal(false);
  const drafts = createDrafts(sessionStorage);
  orders.merge(ORDER);
  const Shown = () => <Content order={orders.all.value.get(ORDER.id) as Order} onClose={onClose} />;
  render(
    <DeskContext.Provider value={{ orders, drafts, menus, isOutdated } as unknown as Desk}>
      <Shown />
    </DeskContext.Provider>,
  );
  await act(() => Promise.resolve());
  const inputs = () =>
    (execute.mock.calls as unknown as [unknown, { input?: object }][]).flatMap(([, { input }]) => input ?? []);
  return { orders, drafts, onClose, inputs, isOutdated };
}

const button = (name: string): HTMLElement => screen.getByRole('button', { name, hidden: true });
const press = (name: string): void => {
  fireEvent.pointerDown(button(name));
  fireEvent.click(button(name));
};
const dialog = (): string => screen.getByRole('dialog', { hidden: true }).textContent;

test('a change is made at the price that the dialog shows, with the total that it shows', async () => {
  const { inputs, onClose } = await shown(ChangeDialog, menuAt(950), { updateOrder: { ...ORDER, version: 2 } });

  fireEvent.input(screen.getByLabelText('Quantity'), { target: { value: '3' } });
  await waitFor(() => expect(dialog()).toContain('€28.50'));
  press('Save the change');

  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(inputs()).toMatchObject([{ quantity: 3, expectedUnitPrice: 950 }]);
  expect(dialog()).not.toContain('The price is now');
});

test('a dish that costs something else than when it was ordered says so before the change is saved', async () => {
  const { inputs } = await shown(ChangeDialog, menuAt(4500), { updateOrder: { ...ORDER, version: 2 } });

  expect(dialog()).toContain('The price is now €45.00 — it was €9.50.');
  fireEvent.input(screen.getByLabelText('Quantity'), { target: { value: '2' } });
  await waitFor(() => expect(dialog()).toContain('For 2 that makes €90.00 instead of €19.00.'));
  press('Save the change');

  await waitFor(() => expect(inputs()).toMatchObject([{ expectedUnitPrice: 4500 }]));
});

test('a change whose price has changed meanwhile is asked about, and made at the new price', async () => {
  const changed = { updateOrder: { ...ORDER, unitPrice: 4500, total: 4500, version: 2 } };
  const { inputs, onClose } = await shown(ChangeDialog, menuAt(950), REPRICED, menuAt(4500), changed);

  press('Save the change');
  await waitFor(() =>
    expect(dialog()).toContain('The price is now €45.00 — it was €9.50. Save the change at the new price?'),
  );
  expect(onClose).not.toHaveBeenCalled();
  expect(document.querySelector('.notice')).toBeNull();
  press('Save at the new price');

  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(inputs()).toMatchObject([{ expectedUnitPrice: 950 }, { expectedUnitPrice: 4500 }]);
});

test('a change whose new price can’t be read says so until it is, and asks then by itself', async () => {
  const changed = { updateOrder: { ...ORDER, unitPrice: 4500, total: 4500, version: 2 } };
  const { inputs, onClose } = await shown(
    ChangeDialog,
    menuAt(950),
    REPRICED,
    new NoAnswer('503'),
    menuAt(4500),
    changed,
  );

  press('Save the change');
  await waitFor(() => expect(dialog()).toContain('We can’t reach the server at the moment.'));
  expect(dialog()).not.toContain('new price');
  await waitFor(() => expect(dialog()).toContain('it was €9.50. Save the change at the new price?'));
  expect(document.querySelector('.notice')).toBeNull();
  press('Save at the new price');

  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(inputs()).toMatchObject([{ expectedUnitPrice: 950 }, { expectedUnitPrice: 4500 }]);
});

test('a price that comes while the button is pressed is asked about, and not taken for agreed to', async () => {
  const { inputs } = await shown(ChangeDialog, menuAt(950), menuAt(4500), REPRICED, menuAt(4500));
  fireEvent.pointerDown(button('Save the change'));
  dispatchEvent(new Event('focus'));
  await waitFor(() => expect(dialog()).toContain('€45.00'));

  fireEvent.click(button('Save the change'));

  await waitFor(() => expect(dialog()).toContain('Save the change at the new price?'));
  expect(inputs()).toMatchObject([{ expectedUnitPrice: 950 }]);
});

test('a change whose currency has changed meanwhile is asked about, and made in the new one', async () => {
  const changed = { updateOrder: { ...ORDER, currency: 'JPY', version: 2 } };
  const { inputs, onClose } = await shown(ChangeDialog, menuAt(950), REPRICED, menuAt(950, 'JPY'), changed);

  press('Save the change');
  await waitFor(() =>
    expect(dialog()).toContain('The price is now ¥950 — it was €9.50. Save the change at the new price?'),
  );
  press('Save at the new price');

  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(inputs()).toMatchObject([
    { expectedUnitPrice: 950, expectedCurrency: 'EUR' },
    { expectedUnitPrice: 950, expectedCurrency: 'JPY' },
  ]);
});

const options = () =>
  screen.getAllByRole<HTMLOptionElement>('option', { hidden: true }).map((option) => option.textContent);

test('a dish that is gone when it is chosen is shown as gone, and has no price', async () => {
  const gone = new Refused('UnknownMenuItem', 'not on the menu');
  const both = { menu: [...menuAt(950).menu, { ...DISH, name: 'Zuppa', unitPrice: 450, available: true }] };
  await shown(ChangeDialog, both, gone, menuAt(950));
  fireEvent.change(screen.getByLabelText('Dish'), { target: { value: 'Zuppa' } });
  await waitFor(() => expect(dialog()).toContain('Total €4.50'));

  press('Save the change');

  await waitFor(() => expect(dialog()).toContain('This dish isn’t on the menu at the moment.'));
  expect(options()).toEqual(['\u2068Zuppa\u2069 · not on the menu', '\u2068Margherita\u2069 · €9.50']);
  expect(dialog()).toContain('Total –');
});

test.each([
  ['Dish', 'Margherita', '€9.50'],
  ['Quantity', '3', '–'],
])('what was refused isn’t said of another %s', async (label, value, total) => {
  const gone = new Refused('UnknownMenuItem', 'not on the menu');
  const both = { menu: [...menuAt(950).menu, { ...DISH, name: 'Zuppa', unitPrice: 450, available: true }] };
  await shown(ChangeDialog, both, gone, menuAt(950));
  fireEvent.change(screen.getByLabelText('Dish'), { target: { value: 'Zuppa' } });
  press('Save the change');
  await waitFor(() => expect(dialog()).toContain('This dish isn’t on the menu at the moment.'));

  const field = screen.getByLabelText(label);
  (label === 'Dish' ? fireEvent.change : fireEvent.input)(field, { target: { value } });

  await waitFor(() => expect(dialog()).toContain(`Total ${total}`));
  expect(document.querySelector('.notice')).toBeNull();
});

test('what was refused doesn’t hide that the dish costs something else', async () => {
  await shown(ChangeDialog, menuAt(4500), new Refused('TooManyRequestsException', 'slow down'));
  expect(dialog()).toContain('The price is now €45.00 — it was €9.50.');

  press('Save the change');
  await screen.findByRole('alert', { hidden: true });

  expect(dialog()).toContain('Too many attempts');
  expect(dialog()).toContain('The price is now €45.00 — it was €9.50.');
});

test('an order’s own dish that is gone has no total', async () => {
  await shown(ChangeDialog, { menu: [{ ...menuAt(950).menu[0], available: false }] });

  expect(options()).toEqual(['\u2068Margherita\u2069 · not on the menu']);
  expect(dialog()).toContain('Total –');
});

test('servers that are others by now are told of in an open dialog, too, with the way to them', async () => {
  const { drafts, isOutdated } = await shown(CancelDialog);
  expect(dialog()).not.toContain('Reload');

  await act(() => {
    isOutdated.value = true;
  });

  expect(dialog()).toContain('The order desk has changed since this page was opened.');
  expect(dialog()).toContain('what is in your basket stays there.');
  expect(screen.getByRole('button', { name: 'Reload', hidden: true })).toBeTruthy();
  // An account of other servers may be another one.
  await act(() => {
    drafts.setQuantity(DISH, 1);
    drafts.markSent(drafts.lines.value[0]?.id ?? '', 'me');
  });
  expect(dialog()).toContain('what you haven’t sent yet stays in your basket.');
});

test.each([
  ['Yes, cancel it', CancelDialog],
  ['Save the change', ChangeDialog],
])('what nobody knew is known once the order is read (%s)', async (name, Content) => {
  const menu = Content === ChangeDialog ? [menuAt(950)] : [];
  const { orders, onClose } = await shown(Content, ...menu, new NoAnswer('502'), new NoAnswer('502'), { order: ORDER });
  const quantity = screen.queryByLabelText('Quantity');
  if (quantity) fireEvent.input(quantity, { target: { value: '3' } });
  press(name);
  await waitFor(() => expect(dialog()).toContain('we don’t know whether this was done'));

  await act(() => orders.read(ORDER.id).then(() => {}));

  expect(dialog()).not.toContain('we don’t know whether this was done');
  expect(dialog()).toContain('There was no answer, and so far nothing has changed.');
  expect(onClose).not.toHaveBeenCalled();
});

test.each([
  ['Yes, cancel it', CancelDialog],
  ['Save the change', ChangeDialog],
])('what nobody knew is known as soon as the API is back, without being asked (%s)', async (name, Content) => {
  const menu = Content === ChangeDialog ? [menuAt(950)] : [];
  const away = Array.from({ length: 3 }, () => new NoAnswer('503'));
  await shown(Content, ...menu, ...away, { order: ORDER });
  const quantity = screen.queryByLabelText('Quantity');
  if (quantity) fireEvent.input(quantity, { target: { value: '3' } });
  press(name);
  await waitFor(() => expect(dialog()).toContain('we don’t know whether this was done'));

  await waitFor(() => expect(dialog()).toContain('so far nothing has changed. Please try again.'), { timeout: 3000 });
});

test('a dish whose menu can’t be read isn’t said to be gone', async () => {
  await shown(ChangeDialog, new NoAnswer('502'));

  expect(options()).toEqual(['\u2068Margherita\u2069']);
  expect(dialog()).toContain('Total €9.50');
});

test.each(['', '0', '-3', '2.5', '101'])(
  'there is no total of a quantity that can’t be ordered (%s)',
  async (value) => {
    await shown(ChangeDialog, menuAt(950));

    fireEvent.input(screen.getByLabelText('Quantity'), { target: { value } });

    await waitFor(() => expect(dialog()).toContain('Total –'));
  },
);

test('an order that was changed on another device says so in an open dialog', async () => {
  const { orders } = await shown(ChangeDialog, menuAt(950));
  expect(dialog()).not.toContain('meanwhile');

  await act(() => orders.merge({ ...ORDER, quantity: 5, version: 2 }));

  const notice = document.querySelector('.notice-news');
  expect(notice?.textContent).toBe('This order has changed meanwhile: it is 5 × Margherita now.');
  expect(screen.getByRole('button', { name: 'Save the change', hidden: true })).toBeTruthy();
});

test.each([
  ['Save the change', ChangeDialog],
  ['Yes, cancel it', CancelDialog],
])('with an order that was settled elsewhere there is nothing to do but to close (%s)', async (name, Content) => {
  const { orders } = await shown(Content, menuAt(950));

  await act(() => orders.merge({ ...ORDER, status: 'CANCELLED', version: 2 }));

  expect(dialog()).toContain('This order has been cancelled meanwhile.');
  expect(screen.queryByRole('button', { name, hidden: true })).toBeNull();
  expect(document.activeElement).toBe(screen.getByText('Close'));
});

test.each([
  ['PAYING', 'news', 'has begun meanwhile'],
  ['PAID', 'news', 'has been paid meanwhile'],
  ['CANCELLED', 'news', 'has been cancelled meanwhile. Nothing was charged.'],
  ['FAILED', 'trouble', 'has failed meanwhile. Nothing was charged.'],
] as const)(
  'an order that is %s by now is %s, and neither promises nor offers anything',
  async (status, kind, words) => {
    const { orders } = await shown(CancelDialog, menuAt(950));
    expect(dialog()).toContain('your card won’t be charged');

    await act(() => orders.merge({ ...ORDER, status, version: 3 }));

    const notice = document.querySelector('.notice');
    expect(notice?.className).toBe(`notice notice-${kind}`);
    expect(notice?.textContent).toContain(words);
    expect(document.activeElement?.getAttribute('aria-describedby')).toBe(notice?.id);
    expect(dialog()).not.toMatch(/won’t be charged|Cancel this order/);
    expect(screen.queryByRole('button', { name: 'Yes, cancel it', hidden: true })).toBeNull();
  },
);

test.each([
  ['Yes, cancel it', CancelDialog],
  ['Save the change', ChangeDialog],
])('what came too late offers no second try (%s)', async (name, Content) => {
  const menu = Content === ChangeDialog ? [menuAt(950)] : [];
  const refused = new Refused('OrderNotChangeable', 'its payment begins');
  await shown(Content, ...menu, refused, { order: ORDER });
  const quantity = screen.queryByLabelText('Quantity');
  if (quantity) fireEvent.input(quantity, { target: { value: '3' } });

  press(name);

  await waitFor(() => expect(dialog()).toContain('can’t be changed any more'));
  expect(dialog()).not.toContain('won’t be charged');
  expect(screen.queryByRole('button', { name, hidden: true })).toBeNull();
});

test.each([
  [new Refused('TooManyRequestsException', 'slow down'), true],
  [new Refused('OrderNotFound', 'no such order'), false],
  [new Refused('Unauthorized', 'not yours'), false],
  [new TypeError('x is undefined'), false],
])('cancelling is offered again only where that may help (%o)', async (error, isOffered) => {
  vi.spyOn(console, 'error').mockReturnValue();
  await shown(CancelDialog, error, new NoAnswer('502'));

  press('Yes, cancel it');
  await screen.findByRole('alert', { hidden: true });

  expect(screen.queryByRole('button', { name: 'Yes, cancel it', hidden: true }) !== null).toBe(isOffered);
  expect(dialog().includes('won’t be charged')).toBe(isOffered);
});

test.each([
  ['Yes, cancel it', CancelDialog],
  ['Save the change', ChangeDialog],
])('what nobody knows promises nothing, and can be left or tried again (%s)', async (name, Content) => {
  const menu = Content === ChangeDialog ? [menuAt(950)] : [];
  await shown(Content, ...menu, new NoAnswer('502'), new NoAnswer('502'));

  press(name);
  await screen.findByRole('alert', { hidden: true });

  expect(dialog()).toContain('we don’t know whether this was done');
  expect(dialog()).not.toMatch(/won’t be|Keep it|Leave it/);
  expect(screen.getAllByRole('button', { hidden: true }).map(({ textContent }) => textContent)).toEqual([
    '',
    'Close',
    name,
  ]);
});

test('a change that was saved after all closes its dialog once the order says so, and another one doesn’t', async () => {
  const { orders, onClose } = await shown(ChangeDialog, menuAt(950), new NoAnswer('502'), new NoAnswer('502'));
  fireEvent.input(screen.getByLabelText('Quantity'), { target: { value: '3' } });
  press('Save the change');
  await screen.findByRole('alert', { hidden: true });

  await act(() => orders.merge({ ...ORDER, quantity: 5, version: 2 }));
  expect(onClose).not.toHaveBeenCalled();
  await act(() => orders.merge({ ...ORDER, quantity: 3, version: 3 }));

  expect(onClose).toHaveBeenCalled();
});

test('what the dialog itself changes is no news', async () => {
  let answer: (value: unknown) => void = () => {};
  const slow = new Promise((resolve) => (answer = resolve));
  const { orders, onClose } = await shown(CancelDialog, slow);
  const cancelled = { ...ORDER, status: 'CANCELLED' as const, version: 2 };

  press('Yes, cancel it');
  await act(() => orders.merge(cancelled));
  expect(dialog()).not.toContain('meanwhile');
  answer({ cancelOrder: cancelled });

  await waitFor(() => expect(onClose).toHaveBeenCalled());
});
