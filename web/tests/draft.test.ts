import { beforeEach, expect, test } from 'vitest';
import type { MenuItem } from '../src/api/documents.ts';
import { createDrafts, MOST_OF_A_DISH, priced } from '../src/orders/draft.ts';
import { DISH } from './sample_orders.ts';

beforeEach(() => sessionStorage.clear());

function menuWith(unitPrice: number): ReadonlyMap<string, readonly MenuItem[]> {
  return new Map([[DISH.restaurantId, [{ ...DISH, unitPrice, available: true }]]]);
}

test('a line costs what its menu says now, and says what it cost before', () => {
  const drafts = createDrafts(sessionStorage);
  drafts.setQuantity(DISH, 2);
  const lines = drafts.lines.value;

  expect(priced(lines, menuWith(1050))).toMatchObject([{ unitPrice: 1050, quantity: 2, before: { unitPrice: 950 } }]);
  expect(priced(lines, menuWith(950))).toMatchObject([{ unitPrice: 950, before: null }]);
  expect(priced(lines, new Map())).toMatchObject([{ unitPrice: 950, before: null }]);
});

test('a price in another currency is another price', () => {
  const drafts = createDrafts(sessionStorage);
  drafts.setQuantity(DISH, 2);

  const [line] = priced(
    drafts.lines.value,
    new Map([[DISH.restaurantId, [{ ...DISH, currency: 'JPY', available: true }]]]),
  );

  expect(line).toMatchObject({ currency: 'JPY', before: { unitPrice: 950, currency: 'EUR' } });
});

test('a line that is placed as it was shown costs what was shown, over a reload too', () => {
  const drafts = createDrafts(sessionStorage);
  drafts.setQuantity(DISH, 2);

  drafts.agree(priced(drafts.lines.value, menuWith(1050)));

  expect(drafts.lines.value).toMatchObject([{ unitPrice: 1050, quantity: 2 }]);
  expect(createDrafts(sessionStorage).lines.value).toMatchObject([{ unitPrice: 1050 }]);
});

test('a line whose dish left the menu, or isn’t available, is gone, unless it was sent', () => {
  const drafts = createDrafts(sessionStorage);
  drafts.setQuantity(DISH, 2);
  const lines = drafts.lines.value;
  const menus = (...items: MenuItem[]) => new Map([[DISH.restaurantId, items]]);
  const sent = lines.map((line) => ({ ...line, isSent: true }));

  expect(priced(lines, menus())).toMatchObject([{ isGone: true }]);
  expect(priced(lines, menus({ ...DISH, unitPrice: 1, available: false }))).toMatchObject([
    { isGone: true, before: null },
  ]);
  expect(priced(lines, menuWith(950))).toMatchObject([{ isGone: false }]);
  expect(priced(lines, new Map())).toMatchObject([{ isGone: false }]);
  expect(priced(sent, menus())).toMatchObject([{ isGone: false }]);
});

test('a tab that was duplicated has orders of its own, but for what was sent', () => {
  const drafts = createDrafts(sessionStorage);
  drafts.setQuantity(DISH, 2);
  drafts.setQuantity({ ...DISH, name: 'Tiramisù' }, 1);
  const [unsent, sent] = drafts.lines.value;
  drafts.markSent(sent?.id ?? '', 'me');

  const copy = createDrafts(sessionStorage).lines.value;

  expect(copy).toMatchObject([
    { name: DISH.name, quantity: 2, isSent: false },
    { id: sent?.id, isSent: true },
  ]);
  expect(copy[0]?.id).toMatch(/^[0-9A-Z]{26}$/);
  expect(copy[0]?.id).not.toBe(unsent?.id);
});

test('what is ordered again comes on top of what is there', () => {
  const drafts = createDrafts(sessionStorage);
  drafts.add(DISH, 2);

  drafts.add(DISH, 3);
  expect(drafts.lines.value).toMatchObject([{ quantity: 5 }]);
  drafts.add(DISH, MOST_OF_A_DISH);

  expect(drafts.lines.value).toMatchObject([{ quantity: MOST_OF_A_DISH }]);
});

test('an order that may have arrived keeps its card', () => {
  const drafts = createDrafts(sessionStorage);
  drafts.add(DISH, 1);
  drafts.setPaymentMethod('pm_card_chargeDeclined');
  drafts.markSent(drafts.lines.value[0]?.id ?? '', 'me');

  drafts.setPaymentMethod('pm_card_visa');

  expect(drafts.draft.value.paymentMethod).toBe('pm_card_chargeDeclined');
});
