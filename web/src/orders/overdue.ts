import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import type { Order } from '../api/documents.ts';
import { isOnline } from '../api/network.ts';
import { serverNow } from './clock.ts';
import { isFinal, type Orders } from './orders.ts';

const FIRST_MS = 1_000;
// Most orders are paid by then. News may be lost all the same, so that it asks at last.
const FIRST_HEARING_MS = 4_000;
const LONGEST_MS = 60_000;

/**
 * Ask for orders that should move and of which no news come, whatever the subscription says: soon after they were placed, or
 * after their change window has ended, and then ever less often. While the page hears of its orders (`hears`) the first
 * question waits longer: each one costs as much as the order itself.
 */
export function askForOverdue(orders: Orders, hears: ReadonlySignal<boolean> = signal(false)): void {
  const open = computed(() => [...orders.all.value.values()].filter((order) => !isFinal(order)));
  const now = signal(serverNow());
  // Once the server's time is learnt anew, what it was taken for before doesn't count.
  effect(() => {
    now.value = serverNow();
  });
  effect(() => {
    const nextEnd = Math.min(...open.value.map(windowEnd).filter((end) => end > now.value));
    if (nextEnd === Infinity) {
      return;
    }
    const end = (): void => {
      now.value = Math.max(nextEnd, serverNow()); // timers may be early by a millisecond
    };
    const timer = setTimeout(end, nextEnd - serverNow());
    return () => clearTimeout(timer);
  });
  // A text, so that an answer that brings nothing new leaves it as it is.
  const overdue = computed(() => {
    const due = open.value.filter((order) => windowEnd(order) <= now.value);
    return due.map(({ id, version }) => `${id} ${version}`).join();
  });
  effect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = (pause: number): void => {
      timer = setTimeout(() => {
        // What can't be read now is read the next time.
        orders.catchUp().catch(() => {});
        ask(Math.min(LONGEST_MS, 2 * pause));
      }, pause);
    };
    if (overdue.value !== '' && isOnline.value) {
      ask(hears.value ? FIRST_HEARING_MS : FIRST_MS);
    }
    return () => clearTimeout(timer);
  });
}

/** When the order can't be changed any more, in epoch milliseconds. */
function windowEnd({ status, changeableUntil }: Order): number {
  return status === 'PENDING' && changeableUntil !== null ? Date.parse(changeableUntil) : -Infinity;
}
