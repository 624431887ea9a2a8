import { signal } from '@preact/signals';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DeskContext, type Desk } from '../src/desk.ts';
import { PlaceButton } from '../src/order_form/place_button.tsx';
import { CancelDialog } from '../src/order_view/cancel_dialog.tsx';
import { ChangeDialog } from '../src/order_view/change_dialog.tsx';
import { createMenus } from '../src/orders/menus.ts';
import { LoadMore } from '../src/parts/load_more.tsx';
import { BusyButton, Waiting } from '../src/parts/waiting.tsx';
import { answering, orderOf } from './sample_orders.ts';

const LONG = 'This takes longer than usual. Please wait a moment.';
const MENU = 'Reading the menu takes longer than usual. Please wait a moment.';
const ORDER = orderOf();

beforeEach(() => vi.useFakeTimers());

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const wait = (ms: number): Promise<void> => act(() => vi.advanceTimersByTimeAsync(ms).then(() => {}));
const said = (): string[] =>
  [...document.querySelectorAll('[aria-live=polite]')].map(({ textContent }) => textContent).filter((text) => text);

test('what is being read says after five seconds that it takes longer, outside of what is busy', async () => {
  render(<Waiting>Reading the menu…</Waiting>);
  const region = document.querySelector('[aria-live=polite]');

  await wait(4_900);
  expect(region?.textContent).toBe('');
  await wait(200);

  // The same element as before: a screen reader speaks only what changes in one that is there.
  expect(document.querySelector('[aria-live=polite]')).toBe(region);
  expect(said()).toEqual([LONG]);
  expect(region?.closest('[aria-busy=true]')).toBeNull();
});

test('a button says so while it is busy, and begins anew the next time', async () => {
  const { rerender } = render(<BusyButton isBusy={false}>Save</BusyButton>);
  await wait(60_000);
  expect(said()).toEqual([]);

  rerender(<BusyButton isBusy>Save</BusyButton>);
  await wait(5_100);
  expect(said()).toEqual([LONG]);
  expect(screen.getByRole('button').textContent).toBe('Save');
  rerender(<BusyButton isBusy={false}>Save</BusyButton>);
  await wait(0);
  expect(said()).toEqual([]);
  rerender(<BusyButton isBusy>Save</BusyButton>);
  await wait(4_900);

  expect(said()).toEqual([]);
});

const never = (): Promise<never> => new Promise(() => {});

/** What a dialog needs of a desk, with an API that never answers. */
function hangingDesk(): Desk {
  const { orders } = answering(...Array.from({ length: 5 }, never));
  orders.merge(ORDER);
  return { orders, menus: createMenus(never), isOutdated: signal(false) } as unknown as Desk;
}

test.each([
  ['an order', <PlaceButton isSent={false} stage="sending" onGone={() => {}} />, null],
  ['earlier orders', <LoadMore count={50} read={never} onGone={() => {}} />, 'Show earlier orders'],
  ['a cancellation', <CancelDialog order={ORDER} onClose={() => {}} />, 'Yes, cancel it'],
  ['a change', <ChangeDialog order={ORDER} onClose={() => {}} />, 'Save the change'],
  ['the menu of a change', <ChangeDialog order={ORDER} onClose={() => {}} />, null, MENU],
])('%s says once that it takes longer', async (_, content, button, long = LONG) => {
  render(<DeskContext.Provider value={hangingDesk()}>{content}</DeskContext.Provider>);
  if (button !== null) {
    fireEvent.click(screen.getByRole('button', { name: button, hidden: true }));
  }

  await wait(4_900);
  expect(said()).toEqual([]);
  await wait(200);

  expect(said()).toEqual([long]);
});

test('nothing spins that doesn’t say when it takes longer', () => {
  const folder = join(import.meta.dirname, '../src');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx'));

  const spinning = names.filter((name) => readFileSync(join(folder, name), 'utf8').includes('aria-busy'));

  // Beside these links is a form that says it: both are one action.
  const besideForms = ['account_form/resend_code.tsx', 'account_form/reset_password.tsx'];
  expect(spinning.sort()).toEqual([...besideForms, 'parts/waiting.tsx']);
});
