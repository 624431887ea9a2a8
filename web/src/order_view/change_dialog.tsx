import { useEffect, useState } from 'preact/hooks';
import type { MenuItem, Order } from '../api/documents.ts';
import { isOutOfReach, Refused, sentence, Undone, Unsure } from '../api/errors.ts';
import { useDesk } from '../desk.ts';
import { MOST_OF_A_DISH } from '../orders/draft.ts';
import { isSamePrice, money, type Price } from '../orders/money.ts';
import { useLoading } from '../parts/loading.ts';
import { MessageNotice } from '../parts/notice.tsx';
import { PriceChange } from '../parts/price_change.tsx';
import { useReadBeforePress } from '../parts/read_before_press.ts';
import { useRefreshOnFocus } from '../parts/refresh_on_focus.ts';
import { BusyButton, TakesLonger } from '../parts/waiting.tsx';
import { useOrderAction } from './order_action.ts';
import { OrderDialog } from './order_dialog.tsx';

/** Another dish of the same restaurant, or another quantity, at the price that the menu has now. */
export function ChangeDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const { menus, orders } = useDesk();
  const [name, setName] = useState(order.name);
  const [quantity, setQuantity] = useState(order.quantity);
  const { isBusy, message, error, act } = useOrderAction(order, `${quantity} ${name}`);
  // What was shown of a dish that costs something else, as the API said, and the menu that it was of.
  const [refused, setRefused] = useState<(Price & { name: string; items: unknown }) | null>(null);
  const readMenu = (): Promise<void> => menus.readDishes(order.restaurantId);
  const menu = useLoading(readMenu, order.restaurantId);
  useRefreshOnFocus(readMenu);
  const items = menus.dishes.value.get(order.restaurantId);
  const dishes = (items ?? []).filter((dish) => dish.available);
  const isOnMenu = (dish: string): boolean => dishes.some((one) => one.name === dish);
  // The order's own dish may be gone from the menu, and so may another that was chosen from it.
  const gone = [...new Set([order.name, name])].filter((dish) => !isOnMenu(dish));
  const price: Price = dishes.find((dish) => dish.name === name) ?? order;
  const priceRead = useReadBeforePress(price, `${name} ${price.unitPrice} ${price.currency}`);
  const isPriced = isOnMenu(name) || (items === undefined && name === order.name);
  const isCount = Number.isInteger(quantity) && quantity >= 1 && quantity <= MOST_OF_A_DISH;
  // As soon as the menu is read anew, whoever reads it.
  const isAsking = refused?.name === name && refused.items !== items;
  const save = async (close: () => void): Promise<void> => {
    const agreed = priceRead();
    try {
      await orders.change(order, { name, quantity }, agreed);
      close();
    } catch (error) {
      const type = error instanceof Refused ? error.type : '';
      if (type === 'UnknownMenuItem') {
        setRefused(null);
        await readMenu().catch(() => {});
      }
      if (type !== 'PriceChanged') {
        throw error;
      }
      const { unitPrice, currency } = agreed;
      const before = menus.dishes.peek().get(order.restaurantId);
      try {
        await readMenu();
      } finally {
        setRefused({ name, unitPrice, currency, items: before });
      }
    }
  };
  const isUnsure = error instanceof Unsure;
  // There was no answer, and the order has just this content by now.
  const isSavedAfterAll =
    (isUnsure || error instanceof Undone) &&
    order.status !== 'CANCELLED' &&
    order.name === name &&
    order.quantity === quantity;
  useEffect(() => {
    if (isSavedAfterAll) {
      onClose();
    }
  });
  // Only the new price can't be read: of a change that had no answer the error says more.
  const isReadSince = isAsking && isOutOfReach(error);
  const trouble = menu.trouble === null ? null : { kind: 'trouble' as const, text: menu.trouble };
  const shown = (isReadSince ? null : message) ?? trouble;
  return (
    <OrderDialog title="Change this order" order={order} isBusy={isBusy} error={error} onClose={onClose}>
      {(close) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            act(() => save(close));
          }}
        >
          <label>
            Dish
            <select value={name} onChange={({ currentTarget }) => setName(currentTarget.value)}>
              {gone.map((dish) => (
                <option key={dish} value={dish}>
                  {isolated(dish)}
                  {items !== undefined && ' · not on the menu'}
                </option>
              ))}
              {dishes.map((dish) => (
                <DishOption key={dish.name} dish={dish} />
              ))}
            </select>
          </label>
          <TakesLonger what="Reading the menu" isWaiting={menu.isLoading && items === undefined && !isBusy} />
          <label>
            Quantity
            <input
              type="number"
              min={1}
              max={MOST_OF_A_DISH}
              required
              value={quantity}
              onInput={({ currentTarget }) => setQuantity(currentTarget.valueAsNumber)}
            />
          </label>
          <p class="total">
            <span>Total</span>{' '}
            <strong>{isPriced && isCount ? money(price.unitPrice * quantity, price.currency) : '–'}</strong>
          </p>
          <MessageNotice message={shown} />
          {isAsking ? (
            <Question now={price} before={refused} quantity={isCount ? quantity : 1} />
          ) : (
            name === order.name && <Repriced now={price} before={order} quantity={isCount ? quantity : 1} />
          )}
          <footer>
            <button type="button" class="secondary outline" disabled={isBusy} onClick={close}>
              {isUnsure ? 'Close' : 'Leave it as it is'}
            </button>
            <BusyButton type="submit" isBusy={isBusy}>
              {isAsking ? 'Save at the new price' : 'Save the change'}
            </BusyButton>
          </footer>
        </form>
      )}
    </OrderDialog>
  );
}

/** The text with the characters that do in an option what `bdi` does elsewhere. */
function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}

function DishOption({ dish }: { dish: MenuItem }) {
  return (
    <option value={dish.name}>
      {isolated(dish.name)} · {money(dish.unitPrice, dish.currency)}
    </option>
  );
}

interface Repricing {
  readonly now: Price;
  readonly before: Price;
  readonly quantity: number;
}

/** A change is priced anew: the dish of the order may cost something else by now. */
function Repriced({ now, before, quantity }: Repricing) {
  return isSamePrice(now, before) ? null : (
    <p class="repriced" role="status">
      <PriceChange now={now} before={before} quantity={quantity} />
    </p>
  );
}

function Question({ now, before, quantity }: Repricing) {
  return (
    <p class="repriced" role="status">
      {isSamePrice(now, before) ? (
        sentence(new Refused('PriceChanged', 'and back'))
      ) : (
        <>
          <PriceChange now={now} before={before} quantity={quantity} /> Save the change at the new price?
        </>
      )}
    </p>
  );
}
