import { useEffect, useRef } from 'preact/hooks';
import type { Order } from '../api/documents.ts';
import { useDesk } from '../desk.ts';
import { money } from '../orders/money.ts';
import { useActing } from '../parts/acting.ts';
import { useLoading } from '../parts/loading.ts';
import { Moment } from '../parts/moment.tsx';
import { Notice, Trouble } from '../parts/notice.tsx';
import { Page } from '../parts/page.tsx';
import { StatusBadge } from '../parts/status.tsx';

/** The customer's orders, newest first, moving as they move; earlier ones a page at a time. */
export function OrdersPage() {
  const { orders, menus } = useDesk();
  const { isLoading, trouble, load } = useLoading(() => Promise.all([orders.readFirstPage(), menus.readRestaurants()]));
  const listed = orders.listed.value;
  const hasMore = orders.hasMore.value;
  const list = useRef<HTMLUListElement>(null);
  const shownBefore = useRef(0);
  const readEarlier = async (): Promise<void> => {
    shownBefore.current = listed.length;
    try {
      await orders.readNextPage();
    } finally {
      if (orders.hasMore.value) {
        shownBefore.current = 0;
      }
    }
  };
  // With the last page the button goes: the focus goes on to what it brought.
  useEffect(() => {
    if (!hasMore && shownBefore.current > 0) {
      const rows = list.current?.querySelectorAll('a') ?? [];
      rows[Math.min(shownBefore.current, rows.length - 1)]?.focus();
      shownBefore.current = 0;
    }
  }, [hasMore]);
  return (
    <Page title="Your orders" intro="The newest first. Each one moves here by itself.">
      {trouble !== null && <Trouble text={trouble} onRetry={load} />}
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
      {hasMore && <Earlier read={readEarlier} />}
    </Page>
  );
}

function OrderRow({ order }: { order: Order }) {
  const { menus } = useDesk();
  return (
    <li>
      <a href={`/orders/${order.id}`} class="order-row" data-order={order.id}>
        <span class="what">
          <strong>
            {order.quantity} × {order.name}
          </strong>
          <small>
            {menus.nameOf(order.restaurantId)} · <Moment at={order.createdAt} />
          </small>
        </span>
        <span class="amount">{money(order.total, order.currency)}</span>
        <StatusBadge status={order.status} />
      </a>
    </li>
  );
}

function Earlier({ read }: { read: () => Promise<void> }) {
  const { isBusy, trouble, act } = useActing();
  return (
    <div class="earlier">
      {trouble !== null && (
        <Notice>
          <p>{trouble}</p>
        </Notice>
      )}
      <button type="button" class="secondary outline" aria-busy={isBusy} onClick={() => act(read)}>
        Show earlier orders
      </button>
    </div>
  );
}
