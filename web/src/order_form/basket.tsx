import type { ButtonHTMLAttributes } from 'preact';
import { useLocation } from 'preact-iso';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useDesk } from '../desk.ts';
import { isSameDish, priced, type Line, type PricedLine } from '../orders/draft.ts';
import { money, totals } from '../orders/money.ts';
import { useFocusPassedOn } from '../parts/focus.ts';
import { Notice } from '../parts/notice.tsx';
import { useReadBeforePress } from '../parts/read_before_press.ts';
import { Stepper } from '../parts/stepper.tsx';
import { orderPath, ROUTES } from '../routes.ts';
import { CardChoice } from './card_choice.tsx';
import { PlaceButton } from './place_button.tsx';
import { PriceQuestion } from './price_question.tsx';

/** What is being ordered, the card it is paid with, and the button that places it. */
export function Basket() {
  const { drafts, menus, placing } = useDesk();
  const aside = useRef<HTMLElement>(null);
  const lines = priced(drafts.lines.value, menus.dishes.value);
  // The button that took a line away went with it.
  const focusHere = (): void => aside.current?.focus({ preventScroll: true });
  return (
    <aside ref={aside} id="basket" class="card basket" aria-labelledby="basket-title" tabIndex={-1}>
      <h2 id="basket-title">Your order</h2>
      {drafts.leftOut.value > 0 && <LeftOut count={drafts.leftOut.value} />}
      {placing.arrived.value.length > 0 && <Arrived ids={placing.arrived.value} />}
      {lines.length === 0 ? (
        <p class="quiet">Nothing yet. Add a dish from the menu.</p>
      ) : (
        <Filled lines={lines} onGone={focusHere} />
      )}
    </aside>
  );
}

/** What another account had sent without an answer: it can't be asked again, since the order is not this customer's. */
function LeftOut({ count }: { count: number }) {
  return (
    <Notice kind="news">
      <p>
        {count === 1 ? 'A dish isn’t here any more: it was' : `${count} dishes aren’t here any more: they were`} sent
        with another account, and we don’t know whether that order arrived.
      </p>
    </Notice>
  );
}

/** What had no answer is an order, as it turned out: it has left the basket for the orders. */
function Arrived({ ids }: { ids: readonly string[] }) {
  const [first = ''] = ids;
  return (
    <Notice kind="good">
      {ids.length === 1 ? (
        <p>
          An order that we weren’t sure of arrived. <a href={orderPath(first)}>See your order</a>
        </p>
      ) : (
        <p>
          {ids.length} orders that we weren’t sure of arrived. <a href={ROUTES.orders}>See your orders</a>
        </p>
      )}
    </Notice>
  );
}

interface Press {
  readonly turn: number;
  /** How many orders were asked for, with those that were placed before. */
  readonly asked: number;
  /** What was left of them. */
  readonly rest: readonly Line[];
}

interface FilledProps {
  readonly lines: readonly PricedLine[];
  readonly onGone: () => void;
}

function Filled({ lines, onGone }: FilledProps) {
  const { changeWindowSeconds, drafts, placing, session } = useDesk();
  const { route } = useLocation();
  const [placedBefore] = useState(placing.count.peek());
  const placed = placing.count.value - placedBefore;
  // The last press of which some was placed, and some wasn't.
  const [partly, setPartly] = useState<Press | null>(null);
  const [isAsking, setAsking] = useState(false);
  const isSent = lines.some((line) => line.isSent);
  const gone = lines.filter((line) => line.isGone).length;
  const stage = placing.stage.value;
  // All are placed at once: so all prices that weren't agreed to are shown, also those that nothing was refused for.
  const repriced = lines.filter((line) => line.before);
  const linesRead = useReadBeforePress(lines, JSON.stringify(repriced));
  const isRefused = repriced.some(({ id }) => placing.repriced.value.has(id));
  const place = async (): Promise<void> => {
    const user = session.user.value;
    setAsking(false);
    drafts.agree(linesRead());
    const asked = drafts.lines.value;
    const made = user === null ? [] : await placing.place(user.id);
    setAsking(true);
    const [first] = made;
    // Who went to another page meanwhile stays there.
    if (!first || location.pathname !== ROUTES.menu) {
      return;
    }
    if (drafts.lines.value.length > 0) {
      const rest = drafts.lines.value.filter((line) => asked.some((one) => isSameDish(one, line)));
      setPartly({ turn: (partly?.turn ?? 0) + 1, asked: placed + asked.length, rest });
    } else {
      route(made.length === 1 ? orderPath(first.id) : ROUTES.orders);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        // A card that is pressed Enter on would lose the focus: it is disabled until there is an answer.
        event.submitter?.focus();
        void place();
      }}
    >
      {isAsking && isRefused && (
        <PriceQuestion lines={repriced} onAgree={() => void place()} onClose={() => setAsking(false)} />
      )}
      {partly && (
        <PartlyPlaced
          key={partly.turn}
          placed={placed}
          asked={partly.asked}
          left={partly.rest.filter((line) => drafts.lineOf(line)).length}
        />
      )}
      <ul class="lines">
        {lines.map((line) => (
          <LineRow key={line.id} line={line} onGone={onGone} />
        ))}
      </ul>
      {gone > 0 ? (
        <p class="quiet">
          Remove what isn’t on the menu, and{' '}
          {gone < lines.length ? 'you can place the rest.' : 'choose something else.'}
        </p>
      ) : (
        <>
          <CardChoice isDisabled={isSent || stage !== 'idle'} />
          <p class="total">
            <span>Total</span> <strong>{totals(lines)}</strong>
          </p>
          <PlaceButton isSent={isSent} stage={stage} onGone={onGone} />
          <small class="quiet">
            {lines.length > 1 && 'Each dish is an order of its own, paid for by itself. '}
            {changeWindowSeconds.value > 0 && `You can change or cancel it for ${changeWindowSeconds.value} seconds.`}
          </small>
        </>
      )}
    </form>
  );
}

interface PartlyPlacedProps {
  readonly placed: number;
  readonly asked: number;
  /** How many of the rest are still in the basket. */
  readonly left: number;
}

/** Some were placed and some weren't: read first, because the customer thinks of all of them. */
function PartlyPlaced({ placed, asked, left }: PartlyPlacedProps) {
  const notice = useRef<HTMLDivElement>(null);
  useEffect(() => notice.current?.focus(), []);
  return (
    <div ref={notice} tabIndex={-1}>
      <Notice>
        <p>
          {placed} of {asked} orders placed. {left > 0 && placed + left >= asked && 'The rest is still here, below. '}
          <a href={ROUTES.orders}>See your orders</a>
        </p>
      </Notice>
    </div>
  );
}

function GoneDish({ name }: { name: string }) {
  return (
    <>
      <bdi>{name}</bdi> isn’t on the menu at the moment.
    </>
  );
}

function LineRow({ line, onGone }: { line: PricedLine; onGone: () => void }) {
  const { drafts, menus, placing } = useDesk();
  const setQuantity = (quantity: number): void => {
    drafts.setQuantity(line, quantity);
    if (quantity === 0) {
      onGone();
    }
  };
  const remove = (): void => drafts.remove(line.id);
  const trouble = placing.troubles.value.get(line.id);
  const isUnsure = line.isSent && placing.stage.value === 'idle';
  return (
    <li>
      <div class="line">
        <div>
          <strong>
            <bdi>{line.name}</bdi>
          </strong>
          <small>
            <bdi>{menus.nameOf(line.restaurantId)}</bdi> · {money(line.unitPrice * line.quantity, line.currency)}
          </small>
        </div>
        {line.isGone ? (
          <Leave class="outline small" aria-label={`Remove ${line.name}`} onClick={remove} onGone={onGone}>
            Remove
          </Leave>
        ) : (
          <Stepper name={line.name} quantity={line.quantity} isDisabled={line.isSent} onChange={setQuantity} />
        )}
      </div>
      {line.before && (
        <p class="repriced" role="status">
          The price has changed: it was {money(line.before.unitPrice, line.before.currency)} each.
        </p>
      )}
      {(line.isGone || trouble !== undefined) && (
        <Notice>
          <p>{line.isGone ? <GoneDish name={line.name} /> : trouble}</p>
        </Notice>
      )}
      {isUnsure && (
        <p class="unsure">
          We don’t know whether this order arrived. Try again: however often you do, it is one order, paid once.{' '}
          <Leave class="link" onClick={remove} onGone={onGone}>
            Leave it
          </Leave>
        </p>
      )}
    </li>
  );
}

/** A button that takes a line away, and goes with it, or by itself when there is no reason for it any more. */
function Leave({ onGone, ...attributes }: ButtonHTMLAttributes & { readonly onGone: () => void }) {
  const button = useFocusPassedOn<HTMLButtonElement>(onGone);
  return <button {...attributes} ref={button} type="button" />;
}
