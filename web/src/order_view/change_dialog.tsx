import { useState } from 'preact/hooks';
import type { MenuItem, Order } from '../api/documents.ts';
import { useDesk } from '../desk.ts';
import { MOST_OF_A_DISH } from '../orders/draft.ts';
import { money } from '../orders/money.ts';
import { useActing } from '../parts/acting.ts';
import { Dialog } from '../parts/dialog.tsx';
import { useLoading } from '../parts/loading.ts';
import { Notice } from '../parts/notice.tsx';

/** Another dish of the same restaurant, or another quantity. */
export function ChangeDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const { menus, orders } = useDesk();
  const { isBusy, trouble, act } = useActing();
  const [name, setName] = useState(order.name);
  const [quantity, setQuantity] = useState(order.quantity);
  const menu = useLoading(() => menus.readDishes(order.restaurantId), order.restaurantId);
  const dishes = (menus.dishes.value.get(order.restaurantId) ?? []).filter((dish) => dish.available);
  const shownTrouble = trouble ?? menu.trouble;
  return (
    <Dialog title="Change this order" isBusy={isBusy} onClose={onClose}>
      {(close) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            act(() => orders.change(order, { name, quantity }).then(close));
          }}
        >
          <label>
            Dish
            <select value={name} onChange={({ currentTarget }) => setName(currentTarget.value)}>
              {dishes.some((dish) => dish.name === order.name) || <option>{order.name}</option>}
              {dishes.map((dish) => (
                <DishOption key={dish.name} dish={dish} />
              ))}
            </select>
          </label>
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
          {shownTrouble !== null && (
            <Notice>
              <p>{shownTrouble}</p>
            </Notice>
          )}
          <footer>
            <button type="button" class="secondary outline" disabled={isBusy} onClick={close}>
              Leave it as it is
            </button>
            <button type="submit" aria-busy={isBusy}>
              Save the change
            </button>
          </footer>
        </form>
      )}
    </Dialog>
  );
}

function DishOption({ dish }: { dish: MenuItem }) {
  return (
    <option value={dish.name}>
      {dish.name} · {money(dish.unitPrice, dish.currency)}
    </option>
  );
}
