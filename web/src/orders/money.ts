import EXPONENTS from '../../../environments/currencies.json';

/** What one of a dish costs. */
export interface Price {
  readonly unitPrice: number;
  readonly currency: string;
}

export function isSamePrice(one: Price, other: Price): boolean {
  return one.unitPrice === other.unitPrice && one.currency === other.currency;
}

/** An amount in minor units as the customer's language writes it: 1900 EUR is €19.00, 500 JPY is ¥500. */
export function money(minorUnits: number, currency: string): string {
  // What a minor unit is says ISO 4217, as in the mails. How many digits Intl shows is another thing: of forints, none.
  const exponent = (EXPONENTS as Readonly<Record<string, number>>)[currency] ?? 2;
  const digits = { minimumFractionDigits: exponent, maximumFractionDigits: exponent };
  return new Intl.NumberFormat(undefined, { style: 'currency', currency, ...digits }).format(
    minorUnits / 10 ** exponent,
  );
}

/** What all of it comes to, one amount a currency: there is no rate to add dollars to euros with. */
export function totals(lines: readonly { unitPrice: number; quantity: number; currency: string }[]): string {
  const sums = new Map<string, number>();
  for (const { unitPrice, quantity, currency } of lines) {
    sums.set(currency, (sums.get(currency) ?? 0) + unitPrice * quantity);
  }
  return [...sums].map(([currency, sum]) => money(sum, currency)).join(' + ');
}
