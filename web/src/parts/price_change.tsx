import { money, type Price } from '../orders/money.ts';

/** What a dish costs now, and what the customer was shown before. */
export function PriceChange({ now, before }: { now: Price; before: Price }) {
  return (
    <>
      The price is now <strong>{money(now.unitPrice, now.currency)}</strong> — it was{' '}
      {money(before.unitPrice, before.currency)}.
    </>
  );
}
