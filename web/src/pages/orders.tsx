import { useEffect, useRef, useState } from 'preact/hooks';
import type { Order } from '../api/documents.ts';
import { useDesk } from '../desk.ts';
import { Amount } from '../parts/amount.tsx';
import { LoadMore } from '../parts/load_more.tsx';
import { useLoading } from '../parts/loading.ts';
import { Moment } from '../parts/moment.tsx';
import { Trouble } from '../parts/notice.tsx';
import { DishCount } from '../parts/dish_count.tsx';
import { Page } from '../parts/page.tsx';
import { lastShown, notePlace } from '../parts/scroll_position.ts';
import { StatusBadge } from '../parts/status.tsx';
import { Waiting } from '../parts/waiting.tsx';
import { orderPath, ROUTES } from '../routes.ts';

const LIVE = 'Each one moves here by itself.';
// As orders/order_polling.ts does.
const ASKED = 'The page looks for news when you come back to it, and each minute until all are finished.';

/** The customer's orders, newest first, moving as they move; earlier ones a page at a time. */
export function OrdersPage() {
  const { config, orders, menus } = useDesk();
  const [last] = useState(lastShown);
  const { isLoading, trouble, error, load } = useLoading(() =>
    Promise.all([last === null ? orders.readFirstPage() : orders.readDownTo(last), menus.needRestaurants()]),
  );
  const listed = orders.listed.value;
  useEffect(notePlace, [listed.length]);
  const list = useRef<HTMLUListElement>(null);
  const shownBefore = useRef(0);
  const readEarlier = (): Promise<void> => {
    shownBefore.current = listed.length;
    return orders.readNextPage();
  };
  const focusOnNew = (): void =>
    queueMicrotask(() => {
      const rows = list.current?.querySelectorAll('a') ?? [];
      rows[Math.min(shownBefore.current, rows.length - 1)]?.focus();
    });
  return (
    <Page
      title="Your orders"
      intro={`The newest first. ${config.liveUpdates ? LIVE : ASKED}`}
      isWhole={!isLoading && trouble === null}
    >
      {trouble !== null && <Trouble text={trouble} error={error} onRetry={load} />}
      {isLoading && listed.length === 0 && <Waiting>Reading your orders…</Waiting>}
      {!isLoading && trouble === null && listed.length === 0 && (
        <div class="card empty">
          <p>You haven’t ordered anything yet.</p>
          <a class="button" href={ROUTES.menu}>
            To the menu
          </a>
        </div>
      )}
      <ul ref={list} class="orders" aria-label="Orders">
        {listed.map((order) => (
          <OrderRow key={order.id} order={order} />
        ))}
      </ul>
      {orders.hasMore.value && <LoadMore count={listed.length} read={readEarlier} onGone={focusOnNew} />}
    </Page>
  );
}

function OrderRow({ order }: { order: Order }) {
  const { menus } = useDesk();
  return (
    <li>
      <a href={orderPath(order.id)} class="order-row" data-order={order.id}>
        <span class="what">
          <strong>
            <DishCount {...order} />
          </strong>
          <small>
            <bdi>{menus.nameOf(order.restaurantId)}</bdi> · <Moment at={order.createdAt} />
          </small>
        </span>
        <Amount order={order} />
        <StatusBadge status={order.status} />
      </a>
    </li>
  );
}
