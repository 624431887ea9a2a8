import { useRef } from 'preact/hooks';
import type { Order } from '../api/documents.ts';
import { useDesk } from '../desk.ts';
import { money } from '../orders/money.ts';
import { LoadMore } from '../parts/load_more.tsx';
import { useLoading } from '../parts/loading.ts';
import { Moment } from '../parts/moment.tsx';
import { Trouble } from '../parts/notice.tsx';
import { DishCount } from '../parts/dish_count.tsx';
import { Page } from '../parts/page.tsx';
import { StatusBadge } from '../parts/status.tsx';

/** The customer's orders, newest first, moving as they move; earlier ones a page at a time. */
export function OrdersPage() {
  const { orders, menus } = useDesk();
  const { isLoading, trouble, error, load } = useLoading(() =>
    Promise.all([orders.readFirstPage(), menus.readRestaurants()]),
  );
  const listed = orders.listed.value;
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
    <Page title="Your orders" intro="The newest first. Each one moves here by itself.">
      {trouble !== null && <Trouble text={trouble} error={error} onRetry={load} />}
      {isLoading && listed.length === 0 && <p aria-busy="true">Reading your orders…</p>}
      {!isLoading && trouble === null && listed.length === 0 && (
        <div class="card empty">
          <p>You haven’t ordered anything yet.</p>
          <a class="button" href="/">
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
      <a href={`/orders/${order.id}`} class={`order-row order-${order.status.toLowerCase()}`} data-order={order.id}>
        <span class="what">
          <strong>
            <DishCount {...order} />
          </strong>
          <small>
            <bdi>{menus.nameOf(order.restaurantId)}</bdi> · <Moment at={order.createdAt} />
          </small>
        </span>
        <span class="amount">{money(order.total, order.currency)}</span>
        <StatusBadge status={order.status} />
      </a>
    </li>
  );
}
