import type { MenuItem } from '../api/documents.ts';
import { useDesk } from '../desk.ts';
import { dishOf, isSameDish } from '../orders/draft.ts';
import { money } from '../orders/money.ts';
import { useLoading } from '../parts/loading.ts';
import { Trouble } from '../parts/notice.tsx';
import { Stepper } from '../parts/stepper.tsx';
import { Waiting } from '../parts/waiting.tsx';

/** A restaurant's menu with prices; what isn't available is shown as such. */
export function DishList({ restaurantId }: { restaurantId: string }) {
  const { menus } = useDesk();
  const { isLoading, trouble, error, load } = useLoading(() => menus.readDishes(restaurantId), restaurantId);
  const dishes = menus.dishes.value.get(restaurantId) ?? [];
  const sorted = [...dishes].sort((one, other) => Number(other.available) - Number(one.available));
  return (
    <section aria-label={`Menu of ${menus.nameOf(restaurantId)}`}>
      {trouble !== null && <Trouble text={trouble} error={error} onRetry={load} />}
      {isLoading && dishes.length === 0 && <Waiting>Reading the menu…</Waiting>}
      {!isLoading && trouble === null && dishes.length === 0 && <p>There is nothing on this menu at the moment.</p>}
      <ul class="dishes">
        {sorted.map((item) => (
          <DishCard key={item.name} item={item} />
        ))}
      </ul>
    </section>
  );
}

function DishCard({ item }: { item: MenuItem }) {
  const { drafts } = useDesk();
  const dish = dishOf(item);
  const line = drafts.lines.value.find((one) => isSameDish(one, dish));
  return (
    <li class={item.available ? 'dish' : 'dish dish-gone'}>
      <div>
        <h2>
          <bdi>{item.name}</bdi>
        </h2>
        <p>{item.available ? money(item.unitPrice, item.currency) : 'Not on the menu at the moment'}</p>
      </div>
      {item.available && (
        <Stepper
          name={item.name}
          quantity={line?.quantity ?? 0}
          isDisabled={line?.isSent ?? false}
          onChange={(quantity) => drafts.setQuantity(dish, quantity)}
        />
      )}
    </li>
  );
}
