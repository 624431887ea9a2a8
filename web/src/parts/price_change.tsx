import { money, type Price } from '../orders/money.ts';

interface Props {
  readonly now: Price;
  readonly before: Price;
  /** How many of the dish it is about. */
  readonly quantity: number;
}

/** What a dish costs now, and what the customer was shown before: each, and all of them together. */
export function PriceChange({ now, before, quantity }: Props) {
  const [total, totalBefore] = [now, before].map(({ unitPrice, currency }) => money(unitPrice * quantity, currency));
  return (
    <>
      The price is now <strong>{money(now.unitPrice, now.currency)}</strong> — it was{' '}
      {money(before.unitPrice, before.currency)}.
      {quantity > 1 && (
        <>
          {' '}
          For {quantity} that makes <strong>{total}</strong> instead of {totalBefore}.
        </>
      )}
    </>
  );
}
