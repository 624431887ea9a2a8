import { batch, computed, effect, untracked, type ReadonlySignal } from '@preact/signals';
import type { Order } from '../api/documents.ts';
import { comebacks } from '../api/network.ts';
import type { Drafts, Line } from './draft.ts';
import type { Orders } from './orders.ts';

export interface LateAnswers {
  /** Ask once whether what was sent without an answer arrived. Where there is nothing, it may still be on its way. */
  lookUp(): Promise<void>;
}

/** Whether the order is what the line asks for. */
export function isOrderOf(line: Line, { name, quantity, restaurantId }: Order): boolean {
  return name === line.name && quantity === line.quantity && restaurantId === line.restaurantId;
}

/**
 * Find the answers of lines that were sent without one: an order with a line's id, however the page got to know it. While
 * nothing is being sent (`isIdle`), `onFound` is called with both. The page asks by itself when the server is back.
 */
export function findLateAnswers(
  drafts: Drafts,
  orders: Orders,
  isIdle: ReadonlySignal<boolean>,
  onFound: (line: Line, order: Order) => void,
): LateAnswers {
  const unanswered = computed(() => (isIdle.value ? drafts.lines.value.filter((line) => line.isSent) : []));
  effect(() => {
    const known = orders.all.value;
    const found = unanswered.value.map((line) => [line, known.get(line.id)] as const);
    untracked(() => batch(() => found.forEach(([line, order]) => order && onFound(line, order))));
  });

  const lookUp = async (): Promise<void> => {
    // What can't be read now, as before signing in, is read the next time.
    await Promise.allSettled(unanswered.value.map(({ id }) => orders.read(id)));
  };
  let before = comebacks.peek();
  effect(() => {
    // The server may come back during the last attempt: then it is asked once that has ended.
    if (isIdle.value && comebacks.value > before) {
      before = comebacks.value;
      untracked(() => void lookUp());
    }
  });
  return { lookUp };
}
