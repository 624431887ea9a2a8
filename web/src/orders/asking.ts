import { computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals';
import type { Session } from '../account/session.ts';
import { isOnline } from '../api/network.ts';
import type { Liveness } from '../api/subscription.ts';
import { isShown, onReturn } from '../returning.ts';
import { createCatchingUp } from './catching_up.ts';
import type { Standing } from './live_updates.ts';
import { FRESH_MS, type Orders } from './orders.ts';

// Each question costs a fifth of what the order itself does: docs/decisions/announcements/without-live-updates.md.
const EVERY_MS = 60_000;

/**
 * Keeps the orders of whoever is signed in about as they are, where no news come by themselves: asks when the customer signs
 * in or comes back, and now and then while the page is shown and one of them is open. `live` is that there was an answer,
 * of `orders.checkedAt`.
 */
export function keepAsking(session: Session, orders: Orders): ReadonlySignal<Standing> {
  const liveness = signal<Liveness>('connecting');
  const catchingUp = createCatchingUp(orders, liveness);
  const canAsk = (): boolean => session.user.value !== null && isOnline.value;

  effect(() => {
    if (!canAsk()) {
      return;
    }
    liveness.value = 'connecting';
    untracked(catchingUp.begin);
    return catchingUp.stop;
  });
  effect(() => {
    // Each answer, whoever asked for it, puts the next question off.
    if (orders.checkedAt.value === null || !canAsk() || !isShown.value || !orders.hasOpen.value) {
      return;
    }
    const timer = setTimeout(catchingUp.begin, EVERY_MS);
    return () => clearTimeout(timer);
  });
  onReturn(() => {
    const ago = Date.now() - (orders.checkedAt.peek() ?? -Infinity);
    // A device's clock may be set back.
    if (canAsk() && (ago < 0 || ago > FRESH_MS)) {
      catchingUp.begin();
    }
    return Promise.resolve();
  });
  return computed(() => (isOnline.value ? liveness.value : 'offline'));
}
