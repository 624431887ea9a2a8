import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import { print } from '@0no-co/graphql.web';
import type { Session } from '../account/session.ts';
import { OrderChanged, type Order } from '../api/documents.ts';
import { isOnline } from '../api/network.ts';
import { subscribe } from '../api/realtime.ts';
import type { Liveness } from '../api/subscription.ts';
import type { Config } from '../config.ts';
import { createCatchUp } from './catch_up.ts';
import type { Orders } from './orders.ts';

/** How it stands with the customer's news, `offline` where the browser has no network. */
export type Standing = Liveness | 'offline';

const POLL_MS = 4_000;
// Events of the first seconds after `start_ack` may be lost (aws-appsync-community 405).
const LOOKS_AFTER_START_MS = [3_000, 8_000, 20_000];

/** Keeps the orders of whoever is signed in up to date; returns how it stands: `live` once nothing is missed any more. */
export function keepLive(config: Config, session: Session, orders: Orders): ReadonlySignal<Standing> {
  const liveness = signal<Liveness>('connecting');
  const isSubscribed = signal(false);
  const catchUp = createCatchUp(orders, liveness);
  // What can't be read now is read the next time.
  const look = (): void => void orders.catchUp().catch(() => {});

  effect(() => {
    const user = session.user.value;
    if (user === null) {
      return;
    }
    const stop = subscribe({
      url: config.realtimeUrl.replace(/^http/, 'ws'),
      host: new URL(config.graphqlUrl).host,
      tokens: (options) => session.token(options),
      query: print(OrderChanged),
      variables: { userId: user.id },
      onData: (data) => {
        const order = (data as { onOrderChanged: Order | null } | undefined)?.onOrderChanged;
        if (order) {
          orders.merge(order);
        }
      },
      onLiveness: (now) => {
        isSubscribed.value = now === 'live';
        if (now === 'live') {
          catchUp.begin();
          return;
        }
        catchUp.stop();
        liveness.value = now;
        if (now === 'checking') {
          look();
        }
      },
    });
    return () => {
      catchUp.stop();
      isSubscribed.value = false;
      stop();
    };
  });
  effect(() => {
    if (isSubscribed.value) {
      const timers = LOOKS_AFTER_START_MS.map((pause) => setTimeout(catchUp.begin, pause));
      return () => timers.forEach(clearTimeout);
    }
    return;
  });
  // Where no WebSocket gets through, an open order is asked for now and then.
  effect(() => {
    if (session.user.value === null || isSubscribed.value || !isOnline.value || !orders.hasOpen.value) {
      return;
    }
    const timer = setInterval(look, POLL_MS);
    return () => clearInterval(timer);
  });
  return computed(() => (isOnline.value ? liveness.value : 'offline'));
}
