import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { computed, effect, untracked, type ReadonlySignal } from '@preact/signals';
import { createCognito, type Cognito } from './account/cognito.ts';
import { createSession, type Session } from './account/session.ts';
import { createSignInProgress, type SignInProgress } from './account/sign_in_progress.ts';
import { otherTabs } from './account/tabs.ts';
import { createClient } from './api/client.ts';
import { noteComeback } from './api/network.ts';
import type { Config } from './config.ts';
import { watchConfig, type ConfigWatch } from './config_watch.ts';
import { pollOrders } from './orders/order_polling.ts';
import { createDrafts, type Drafts } from './orders/draft.ts';
import { keepLive, type Standing } from './orders/live_updates.ts';
import { createMenus, type Menus } from './orders/menus.ts';
import { createOrders, type Orders } from './orders/orders.ts';
import { askForOverdue } from './orders/overdue.ts';
import { createPlacing, type Placing } from './orders/placing.ts';
import { forgetPlaces } from './parts/scroll_position.ts';

/** All that the pages work with. */
export interface Desk extends ConfigWatch {
  /** As it was when the page was loaded. */
  readonly config: Config;
  readonly cognito: Cognito;
  readonly session: Session;
  readonly signInProgress: SignInProgress;
  readonly menus: Menus;
  readonly orders: Orders;
  readonly drafts: Drafts;
  readonly placing: Placing;
  readonly liveness: ReadonlySignal<Standing>;
  /** Whether news of the orders come by themselves. */
  readonly hears: ReadonlySignal<boolean>;
}

/** Wire the desk up for the servers that `config` names, with what this tab remembers. */
export function createDesk(config: Config, storage: Storage): Desk {
  const cognito = createCognito(config);
  const session = createSession(cognito, storage, otherTabs(cognito.id));
  const signInProgress = createSignInProgress(storage, config.userPoolClientId);
  const execute = createClient(
    config.graphqlUrl,
    (options) => session.token(options),
    (token) => session.refused(token),
  );
  const orders = createOrders(execute);
  const drafts = createDrafts(storage);
  const menus = createMenus(execute);
  const placing = createPlacing(execute, drafts, orders, menus);
  effect(() => {
    const user = session.user.value;
    placing.forget();
    if (user === null) {
      orders.forget();
      // Whoever signs in next doesn't order what this customer chose, nor begin where they were.
      if (session.hasSignedOut.peek()) {
        untracked(drafts.clear);
        forgetPlaces();
      }
    } else {
      untracked(() => {
        drafts.adopt(user.id);
        signInProgress.clear();
        void placing.lookUp();
      });
    }
  });
  const liveness = config.liveUpdates ? keepLive(config, session, orders) : pollOrders(session, orders);
  const hears = computed(() => config.liveUpdates && liveness.value === 'live');
  askForOverdue(orders, hears);
  effect(() => {
    if (liveness.value === 'live') {
      noteComeback();
    }
  });
  return {
    config,
    cognito,
    session,
    signInProgress,
    menus,
    orders,
    drafts,
    placing,
    liveness,
    hears,
    ...watchConfig(config),
  };
}

export const DeskContext = createContext<Desk | null>(null);

/** The desk of the page that is shown. */
export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === null) {
    throw new Error('useDesk outside of DeskContext');
  }
  return desk;
}
