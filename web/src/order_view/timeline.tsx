import type { Order } from '../api/documents.ts';
import { useDesk } from '../desk.ts';
import { Moment } from '../parts/moment.tsx';
import { stepsOf, type Step } from './timeline_steps.ts';

const SPOKEN: Readonly<Record<Step['state'], string>> = {
  done: 'done',
  current: 'now',
  failed: 'ended here',
  cancelled: 'ended here',
  ahead: 'to come',
};

/** The order's way so far and what is still to come. */
export function Timeline({ order }: { order: Order }) {
  const { orders } = useDesk();
  const moments = orders.moments.value.get(order.id) ?? {};
  return (
    <ol class="timeline" aria-label="Timeline">
      {stepsOf(order, moments).map(({ status, text, state, at }) => (
        <li key={status} class={`step step-${state}`} aria-current={state === 'current' ? 'step' : undefined}>
          <span class="dot" aria-hidden="true" />
          <span>
            {text} <span class="visually-hidden">({SPOKEN[state]})</span>
          </span>
          {at !== undefined && (
            <small>
              <Moment at={at} withSeconds />
            </small>
          )}
        </li>
      ))}
    </ol>
  );
}
