import type { Order, OrderStatus } from '../api/documents.ts';
import type { Moments } from '../orders/orders.ts';

export interface Step {
  readonly status: OrderStatus;
  readonly text: string;
  readonly state: 'done' | 'current' | 'failed' | 'cancelled' | 'ahead';
  readonly at: string | undefined;
}

const TEXTS: Readonly<Record<OrderStatus, string>> = {
  PENDING: 'Order placed',
  PAYING: 'Payment started',
  PAID: 'Paid',
  FAILED: 'Payment failed, nothing was charged',
  CANCELLED: 'Cancelled, nothing was charged',
};
const WAYS: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  PENDING: ['PENDING', 'PAYING', 'PAID'],
  PAYING: ['PENDING', 'PAYING', 'PAID'],
  PAID: ['PENDING', 'PAYING', 'PAID'],
  FAILED: ['PENDING', 'PAYING', 'FAILED'],
  CANCELLED: ['PENDING', 'CANCELLED'],
};

const ENDS: Readonly<Partial<Record<OrderStatus, Step['state']>>> = {
  PAID: 'done',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
};

/** The way of an order: what is behind it, where it is, and what is expected. */
export function stepsOf(order: Pick<Order, 'status'>, moments: Moments): readonly Step[] {
  const way = WAYS[order.status];
  const here = way.indexOf(order.status);
  return way.map((status, place) => ({
    status,
    text: TEXTS[status],
    state: place > here ? 'ahead' : place < here ? 'done' : (ENDS[status] ?? 'current'),
    at: moments[status],
  }));
}
