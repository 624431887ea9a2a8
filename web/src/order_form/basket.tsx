import { useLocation } from 'preact-iso';
import { useDesk } from '../desk.ts';
import type { Line } from '../orders/draft.ts';
import { money, totals } from '../orders/money.ts';
import { Notice } from '../parts/notice.tsx';
import { Stepper } from '../parts/stepper.tsx';
import { CardChoice } from './card_choice.tsx';

/** What is being ordered, the card it is paid with, and the button that places it. */
export function Basket() {
  const { drafts } = useDesk();
  const lines = drafts.lines.value;
  return (
    <aside id="basket" class="card basket" aria-labelledby="basket-title" tabIndex={-1}>
      <h2 id="basket-title">Your order</h2>
      {lines.length === 0 ? <p class="quiet">Nothing yet. Add a dish from the menu.</p> : <Filled lines={lines} />}
    </aside>
  );
}

function Filled({ lines }: { lines: readonly Line[] }) {
  const { config, placing, session } = useDesk();
  const { route } = useLocation();
  const isSent = lines.some((line) => line.isSent);
  const stage = placing.stage.value;
  const place = async (): Promise<void> => {
    const user = session.user.value;
    const placed = user === null ? [] : await placing.place(user.id);
    const [first, ...others] = placed;
    if (first && others.length === 0) {
      route(`/orders/${first.id}`);
    } else if (first) {
      route('/orders');
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void place();
      }}
    >
      <ul class="lines">
        {lines.map((line) => (
          <LineRow key={line.id} line={line} />
        ))}
      </ul>
      <CardChoice isDisabled={isSent || stage !== 'idle'} />
      <p class="total">
        <span>Total</span> <strong>{totals(lines)}</strong>
      </p>
      <button type="submit" aria-busy={stage !== 'idle'}>
        {isSent && stage === 'idle'
          ? 'Try again'
          : stage === 'retrying'
            ? 'No answer yet, trying again…'
            : 'Place order'}
      </button>
      <small class="quiet">
        {lines.length > 1 && 'Each dish is an order of its own, paid for by itself. '}
        {config.changeWindowSeconds > 0 && `You can change or cancel it for ${config.changeWindowSeconds} seconds.`}
      </small>
    </form>
  );
}

function LineRow({ line }: { line: Line }) {
  const { drafts, menus, placing } = useDesk();
  const trouble = placing.troubles.value.get(line.id);
  const isUnsure = line.isSent && placing.stage.value === 'idle';
  return (
    <li>
      <div class="line">
        <div>
          <strong>{line.name}</strong>
          <small>
            {menus.nameOf(line.restaurantId)} · {money(line.unitPrice * line.quantity, line.currency)}
          </small>
        </div>
        <Stepper
          name={line.name}
          quantity={line.quantity}
          isDisabled={line.isSent}
          onChange={(quantity) => drafts.setQuantity(line, quantity)}
        />
      </div>
      {trouble !== undefined && (
        <Notice>
          <p>{trouble}</p>
        </Notice>
      )}
      {isUnsure && (
        <p class="unsure">
          We don’t know whether this order arrived. Try again: however often you do, it is one order, paid once.{' '}
          <button type="button" class="link" onClick={() => drafts.remove(line.id)}>
            Leave it
          </button>
        </p>
      )}
    </li>
  );
}
