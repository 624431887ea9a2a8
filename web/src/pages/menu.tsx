import { useState } from 'preact/hooks';
import { useDesk } from '../desk.ts';
import { Basket } from '../order_form/basket.tsx';
import { DishList } from '../order_form/dish_list.tsx';
import { RestaurantChoice } from '../order_form/restaurant_choice.tsx';
import { priced } from '../orders/draft.ts';
import { totals } from '../orders/money.ts';
import { useLoading } from '../parts/loading.ts';
import { Trouble } from '../parts/notice.tsx';
import { Page } from '../parts/page.tsx';
import { useRefreshOnFocus } from '../parts/refresh_on_focus.ts';
import { Waiting } from '../parts/waiting.tsx';

/** Choose a restaurant and dishes, and place the order. */
export function MenuPage() {
  const { menus, drafts } = useDesk();
  const { isLoading, trouble, error, load } = useLoading(menus.readRestaurants);
  const restaurants = menus.restaurants.value ?? [];
  const lines = priced(drafts.lines.value, menus.dishes.value);
  const [chosen, setChosen] = useState<string | undefined>(lines[0]?.restaurantId);
  // The basket may hold dishes of a restaurant that has left the list.
  const isListed = restaurants.length === 0 || restaurants.some(({ id }) => id === chosen);
  const restaurantId = (isListed ? chosen : undefined) ?? restaurants[0]?.id;
  // The list of dishes reads the menu that is shown; what is in the basket from others has its prices, too.
  const others = new Set(lines.map((line) => line.restaurantId).filter((id) => id !== restaurantId));
  useLoading(() => Promise.all([...others].map(menus.readDishes)), [...others].sort().join(' '));
  // A restaurant may have changed its prices while the customer was away.
  useRefreshOnFocus(() =>
    Promise.all([...(restaurantId === undefined ? [] : [restaurantId]), ...others].map(menus.readDishes)),
  );

  return (
    <Page
      title="What would you like?"
      intro="Choose a restaurant, then your dishes."
      isWhole={menus.dishes.value.has(restaurantId ?? '')}
    >
      <div class="desk">
        <div>
          {/* With restaurants from before, the list of dishes is what says what went wrong. */}
          {trouble !== null && restaurants.length === 0 && <Trouble text={trouble} error={error} onRetry={load} />}
          {isLoading && restaurants.length === 0 && <Waiting>Reading the restaurants…</Waiting>}
          {!isLoading && trouble === null && restaurants.length === 0 && (
            <p>No restaurant takes orders at the moment.</p>
          )}
          {restaurantId !== undefined && restaurants.length > 0 && (
            <>
              <RestaurantChoice restaurants={restaurants} chosen={restaurantId} onChoose={setChosen} />
              <DishList restaurantId={restaurantId} />
            </>
          )}
          {lines.length > 0 && (
            <a class="button to-basket" href="#basket">
              {['Your order', totals(lines.filter((line) => !line.isGone))].filter(Boolean).join(' · ')}
            </a>
          )}
        </div>
        <Basket />
      </div>
    </Page>
  );
}
