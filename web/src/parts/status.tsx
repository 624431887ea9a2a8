import type { OrderStatus } from '../api/documents.ts';

const NAMES: Readonly<Record<OrderStatus, string>> = {
  PENDING: 'Placed',
  PAYING: 'Paying',
  PAID: 'Paid',
  FAILED: 'Payment failed',
  CANCELLED: 'Cancelled',
};

/** Drawn in a box of 16: a clock, a card, a tick, a cross, and a barred circle. */
const ICONS: Readonly<Record<OrderStatus, string>> = {
  PENDING: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0 -13M8 4.5V8l2.5 2',
  PAYING: 'M1.5 3.5h13v9h-13zM1.5 7h13',
  PAID: 'M2 8.5l4 4l8 -9',
  FAILED: 'M3 3l10 10M13 3l-10 10',
  CANCELLED: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0 -13M3.5 3.5l9 9',
};

export function statusName(status: OrderStatus): string {
  return NAMES[status];
}

/** An order's status as a word with an icon and a colour: the colour alone says nothing. */
export function StatusBadge({ status }: { status: OrderStatus }) {
  return (
    <span class={`badge badge-${status.toLowerCase()}`} data-status={status}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={ICONS[status]} />
      </svg>
      {statusName(status)}
    </span>
  );
}
