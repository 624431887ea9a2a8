import { signal } from '@preact/signals';
import { cleanup, render, screen } from '@testing-library/preact';
import { afterEach, expect, test } from 'vitest';
import { DeskContext, type Desk } from '../src/desk.ts';
import { PriceQuestion } from '../src/order_form/price_question.tsx';
import type { PricedLine } from '../src/orders/draft.ts';
import { DISH } from './sample_orders.ts';

afterEach(cleanup);

const OTHER = { ...DISH, name: 'Tiramisù' };

function line(dish: typeof DISH, quantity: number, unitPrice: number, currency = 'EUR'): PricedLine {
  const before = { ...dish, id: dish.name, quantity, isSent: false };
  return { ...before, unitPrice, currency, before, isGone: false };
}

function asked(...lines: PricedLine[]): string {
  render(
    <DeskContext.Provider value={{ isOutdated: signal(false) } as unknown as Desk}>
      <PriceQuestion lines={lines} onAgree={() => {}} onClose={() => {}} />
    </DeskContext.Provider>,
  );
  return screen.getByRole('dialog', { hidden: true }).textContent;
}

test('one dish has one price', () => {
  expect(asked(line(DISH, 1, 4500))).toContain('The price is now €45.00 — it was €9.50.Total €45.00Place');
});

test('several of a dish have their totals, too: the new one and the old one', () => {
  expect(asked(line(DISH, 3, 4500))).toContain(
    'The price is now €45.00 — it was €9.50. For 3 that makes €135.00 instead of €28.50.Total €135.00Place',
  );
});

test('of several dishes both sums are told', () => {
  expect(asked(line(DISH, 3, 4500), line(OTHER, 1, 1000))).toContain('Total €145.00It was €38.00.Place');
});

test('a changed currency is a changed price', () => {
  expect(asked(line(DISH, 2, 950, 'USD'))).toContain(
    'The price is now $9.50 — it was €9.50. For 2 that makes $19.00 instead of €19.00.',
  );
});
