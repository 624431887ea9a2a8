import { effect, signal, type ReadonlySignal } from '@preact/signals';
import { print } from '@0no-co/graphql.web';
import type { Session } from '../account/session.ts';
import { OrderChanged, type Order } from '../api/documents.ts';
import { subscribe, type Liveness } from '../api/realtime.ts';
import type { Config } from '../config.ts';
import type { Orders } from './orders.ts';

const POLL_MS = 4_000;

/** Keeps the orders of whoever is signed in up to date; returns how it stands with the connection. */
export function keepLive(config: Config, session: Session, orders: Orders): ReadonlySignal<Liveness> {
  const liveness = signal<Liveness>('connecting');
  // What can't be read now is read at the next chance.
  const catchUp = (): void => void orders.catchUp().catch(() => {});

  effect(() => {
    const user = session.user.value;
    if (user === null) {
      return;
    }
    return subscribe({
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
        liveness.value = now;
        if (now === 'live') {
          catchUp();
        }
      },
    });
  });
  // Where no WebSocket gets through, an open order is asked for now and then.
  effect(() => {
    if (session.user.value === null || liveness.value === 'live' || !orders.hasOpen.value) {
      return;
    }
    const timer = setInterval(catchUp, POLL_MS);
    return () => clearInterval(timer);
  });
  return liveness;
}
