import type { Order } from '../api/documents.ts';
import { money } from '../orders/money.ts';

/** What an order comes to, struck out when it was cancelled. */
export function Amount({ order }: { order: Order }) {
  return (
    <strong class={order.status === 'CANCELLED' ? 'amount amount-void' : 'amount'}>
      {money(order.total, order.currency)}
    </strong>
  );
}
