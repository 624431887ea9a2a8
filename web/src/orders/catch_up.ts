import type { Signal } from '@preact/signals';
import { backoffMs } from '../api/backoff.ts';
import type { Liveness } from '../api/subscription.ts';
import type { Orders } from './orders.ts';

/** Asks for what was missed until there is an answer. */
export interface CatchUp {
  /** Ask, and be `live` once there is an answer; whoever asked before leaves it to this one. */
  begin(): void;
  /** Leave it: an answer that is still on its way makes nothing live. */
  stop(): void;
}

/** Make a way to catch up with `orders`; `liveness` says how far it is. */
export function createCatchUp(orders: Orders, liveness: Signal<Liveness>): CatchUp {
  let turn = 0;
  const ask = async (): Promise<void> => {
    const mine = ++turn;
    for (let attempt = 0; mine === turn; attempt++) {
      try {
        await orders.catchUp();
        if (mine === turn) {
          liveness.value = 'live';
        }
        return;
      } catch {
        if (mine === turn && liveness.peek() === 'live') {
          liveness.value = 'checking';
        }
        await new Promise((resume) => setTimeout(resume, backoffMs(attempt)));
      }
    }
  };
  return {
    begin: () => void ask(),
    stop() {
      turn += 1;
    },
  };
}
