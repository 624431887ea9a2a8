import type { PricedLine } from '../orders/draft.ts';
import { totals } from '../orders/money.ts';
import { Dialog } from '../parts/dialog.tsx';
import { DishCount } from '../parts/dish_count.tsx';
import { PriceChange } from '../parts/price_change.tsx';

interface Props {
  /** What wasn't placed, because it costs something else now. */
  readonly lines: readonly PricedLine[];
  readonly onAgree: () => void;
  readonly onClose: () => void;
}

/** Ask whether to place at the new price what wasn't placed at the one that was shown. */
export function PriceQuestion({ lines, onAgree, onClose }: Props) {
  const isOne = lines.length === 1;
  return (
    <Dialog title={isOne ? 'The price has changed' : 'Prices have changed'} isBusy={false} onClose={onClose}>
      {(close) => (
        <>
          {lines.map((line) => (
            <p key={line.id}>
              <strong>
                <DishCount {...line} />
              </strong>
              <br />
              <PriceChange now={line} before={line.before ?? line} quantity={line.quantity} />
            </p>
          ))}
          <p class="total">
            <span>Total</span> <strong>{totals(lines)}</strong>
          </p>
          {!isOne && <p>It was {totals(lines.map((line) => line.before ?? line))}.</p>}
          <p>Place at the new {isOne ? 'price' : 'prices'}?</p>
          <footer>
            <button type="button" class="secondary outline" onClick={close}>
              Not now
            </button>
            <button
              type="button"
              onClick={() => {
                close();
                onAgree();
              }}
            >
              Place at the new {isOne ? 'price' : 'prices'}
            </button>
          </footer>
        </>
      )}
    </Dialog>
  );
}
