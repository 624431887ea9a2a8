import { useSignal, useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type { OrderStatus } from '../api/documents.ts';
import { useDesk } from '../desk.ts';
import { statusName } from './status.tsx';

/** Says each change of an order's status to those who don't see it, on whatever page they are. */
export function Announcer() {
  const { orders } = useDesk();
  const said = useSignal({ text: '', turn: 0 });
  const before = useRef<ReadonlyMap<string, OrderStatus>>(new Map());
  useSignalEffect(() => {
    const known = orders.all.value;
    const changed = [...known.values()].filter(({ id, status }) => (before.current.get(id) ?? status) !== status);
    before.current = new Map([...known].map(([id, { status }]) => [id, status]));
    if (changed.length > 0) {
      const text = changed.map((order) => `${order.quantity} × ${order.name}: ${statusName(order.status)}.`).join(' ');
      said.value = { text, turn: said.peek().turn + 1 };
    } else if (known.size === 0) {
      // Signed out: the next customer hears nothing of this one.
      said.value = { text: '', turn: 0 };
    }
  });
  return (
    <p class="visually-hidden" aria-live="polite" data-testid="announcer">
      {/* The same words a second time are only spoken as something new. */}
      <span key={said.value.turn}>{said.value.text}</span>
    </p>
  );
}
