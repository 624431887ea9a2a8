import { computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals';
import type { Session } from '../account/session.ts';
import { isOnline } from '../api/network.ts';
import type { Liveness } from '../api/subscription.ts';
import { isShown, onReturn } from '../page_visibility.ts';
import { createCatchUp } from './catch_up.ts';
import type { Standing } from './live_updates.ts';
import { FRESH_MS, type Orders } from './orders.ts';

// Each question costs a fifth of what the order itself does: docs/decisions/announcements/without-live-updates.md.
const EVERY_MS = 60_000;

/**
 * Reads the customer's orders anew where no news come by themselves: when the customer signs in or comes back, and each
 * minute while the page is shown and an order is open. `live` means that there was an answer, at `orders.checkedAt`.
 */
export function pollOrders(session: Session, orders: Orders): ReadonlySignal<Standing> {
  const liveness = signal<Liveness>('connecting');
  const catchUp = createCatchUp(orders, liveness);
  const canAsk = (): boolean => session.user.value !== null && isOnline.value;

  effect(() => {
    if (!canAsk()) {
      return;
    }
    liveness.value = 'connecting';
    untracked(catchUp.begin);
    return catchUp.stop;
  });
  effect(() => {
    // Each answer, whoever asked for it, puts the next question off.
    if (orders.checkedAt.value === null || !canAsk() || !isShown.value || !orders.hasOpen.value) {
      return;
    }
    const timer = setTimeout(catchUp.begin, EVERY_MS);
    return () => clearTimeout(timer);
  });
  onReturn(() => {
    const ago = Date.now() - (orders.checkedAt.peek() ?? -Infinity);
    // A device's clock may be set back.
    if (canAsk() && (ago < 0 || ago > FRESH_MS)) {
      catchUp.begin();
    }
    return Promise.resolve();
  });
  return computed(() => (isOnline.value ? liveness.value : 'offline'));
}
