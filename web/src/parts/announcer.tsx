import { useSignal, useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { OrderStatus } from '../api/documents.ts';
import { useDesk } from '../desk.ts';
import { statusName } from './status.tsx';

/** Says each change of an order's status to those who don't see it, on whatever page they are. */
export function Announcer() {
  const { orders } = useDesk();
  const text = useSignal('');
  const before = useRef<ReadonlyMap<string, OrderStatus>>(new Map());
  useSignalEffect(() => {
    const known = orders.all.value;
    const changed = [...known.values()].filter(({ id, status }) => (before.current.get(id) ?? status) !== status);
    before.current = new Map([...known].map(([id, { status }]) => [id, status]));
    if (changed.length > 0) {
      text.value = changed.map((order) => `${order.quantity} × ${order.name}: ${statusName(order.status)}.`).join(' ');
    }
  });
  return (
    <p class="visually-hidden" aria-live="polite" data-testid="announcer">
      {text}
    </p>
  );
}
