import { expect, test } from 'vitest';
import { money, totals } from '../src/orders/money.ts';

/** A number with so many decimals, as the tests' own language writes it. */
const written = (amount: number, decimals: number): string =>
  amount.toLocaleString(undefined, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });

test.each([
  ['EUR', written(1234.5, 2)],
  ['JPY', written(123_450, 0)],
  ['HUF', written(1234.5, 2)],
  ['KWD', written(123.45, 3)],
  ['XQQ', written(1234.5, 2)],
])('an amount of %s has the minor units of ISO 4217, and shows them all', (currency, expected) => {
  expect(money(123_450, currency)).toContain(expected);
  expect(money(123_450, currency).replace(/\D/g, '')).toBe(expected.replace(/\D/g, ''));
});

test('a total is one amount a currency', () => {
  const lines = [
    { unitPrice: 950, quantity: 2, currency: 'EUR' },
    { unitPrice: 500, quantity: 1, currency: 'JPY' },
    { unitPrice: 450, quantity: 1, currency: 'EUR' },
  ];

  expect(totals(lines)).toBe(`${money(2350, 'EUR')} + ${money(500, 'JPY')}`);
  expect(totals([])).toBe('');
});
