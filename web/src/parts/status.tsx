import type { OrderStatus } from '../api/documents.ts';

const NAMES: Readonly<Record<OrderStatus, string>> = {
  PENDING: 'Placed',
  PAYING: 'Paying',
  PAID: 'Paid',
  FAILED: 'Payment failed',
  CANCELLED: 'Cancelled',
};

export function statusName(status: OrderStatus): string {
  return NAMES[status];
}

/** An order's status as a word with a colour: the colour alone says nothing. */
export function StatusBadge({ status }: { status: OrderStatus }) {
  return (
    <span class={`badge badge-${status.toLowerCase()}`} data-status={status}>
      {statusName(status)}
    </span>
  );
}
