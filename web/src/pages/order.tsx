import { useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import type { Order } from '../api/documents.ts';
import { Refused, sentence } from '../api/errors.ts';
import { useDesk } from '../desk.ts';
import { ChangeWindow } from '../order_view/change_window.tsx';
import { Failure, needsAnotherCard } from '../order_view/payment_failure.tsx';
import { Timeline } from '../order_view/timeline.tsx';
import { FIRST_CARD, isSameDish } from '../orders/draft.ts';
import { isFinal } from '../orders/orders.ts';
import { money } from '../orders/money.ts';
import { Amount } from '../parts/amount.tsx';
import { useLoading } from '../parts/loading.ts';
import { Moment } from '../parts/moment.tsx';
import { Notice, Trouble } from '../parts/notice.tsx';
import { DishCount } from '../parts/dish_count.tsx';
import { Page } from '../parts/page.tsx';
import { comeBack } from '../parts/scroll_position.ts';
import { StatusBadge } from '../parts/status.tsx';
import { Waiting } from '../parts/waiting.tsx';
import { ROUTES } from '../routes.ts';

/** One order: where it stands, what it costs, and what can still be done about it. */
export function OrderPage() {
  const { orders, menus } = useDesk();
  const id = useRoute().params['id'] ?? '';
  const { isLoading, trouble, error, load } = useLoading(
    () => Promise.all([orders.readUnlessFresh(id), menus.needRestaurants()]),
    id,
  );
  const order = orders.all.value.get(id);
  // An order that was read and then deleted elsewhere leaves the page while it is shown.
  const gone = isLoading || order || trouble !== null ? null : new Refused('OrderNotFound', 'deleted');
  const problem = trouble ?? (gone && sentence(gone));
  return (
    <div class="medium">
      <p class="back">
        <a href={ROUTES.orders} onClick={() => comeBack(ROUTES.orders)}>
          ← Your orders
        </a>
      </p>
      <Page
        title={order ? `${order.quantity} × ${order.name}` : 'Order'}
        heading={order && <DishCount {...order} />}
        isWhole={order !== undefined}
      >
        {problem !== null && (
          <Trouble text={problem} error={error ?? gone} onRetry={load}>
            <a href={ROUTES.orders}>See your orders</a>
          </Trouble>
        )}
        {isLoading && !order && <Waiting>Reading the order…</Waiting>}
        {order && <Details order={order} />}
      </Page>
    </div>
  );
}

function Details({ order }: { order: Order }) {
  const { drafts, menus } = useDesk();
  const { route } = useLocation();
  const [isHeld, setHeld] = useState(false);
  // It may be an order already, so its content stays as it is.
  const isUnanswered = drafts.lines.value.some((line) => line.isSent && isSameDish(line, order));
  const again = (): void => {
    setHeld(isUnanswered);
    if (isUnanswered) {
      return;
    }
    drafts.add(order, order.quantity);
    if (needsAnotherCard(order)) {
      drafts.setPaymentMethod(FIRST_CARD); // the card that was declined is the one that is still chosen
    }
    route(ROUTES.menu);
  };
  return (
    <>
      <section class="card" aria-label="Where the order stands">
        <p class="standing">
          <StatusBadge status={order.status} />
          <Amount order={order} />
        </p>
        <Timeline order={order} />
        <Failure order={order} />
        <ChangeWindow order={order} />
        {isHeld && isUnanswered && (
          <Notice>
            <p>
              This dish is in your basket already, and we don’t know yet whether that order arrived.{' '}
              <a href={ROUTES.menu}>See your basket</a> first: try again there, or leave it.
            </p>
          </Notice>
        )}
        {isFinal(order) && (
          <button type="button" class={order.status === 'FAILED' ? '' : 'secondary outline'} onClick={again}>
            {needsAnotherCard(order) ? 'Order again with another card' : 'Order again'}
          </button>
        )}
      </section>
      <dl class="facts">
        <dt>Restaurant</dt>
        <dd>
          <bdi>{menus.nameOf(order.restaurantId)}</bdi>
        </dd>
        <dt>Price</dt>
        <dd>
          {order.quantity} × {money(order.unitPrice, order.currency)}
        </dd>
        <dt>Placed</dt>
        <dd>
          <Moment at={order.createdAt} />
        </dd>
        <dt>Order number</dt>
        <dd>
          <code>{order.id}</code>
        </dd>
      </dl>
    </>
  );
}
