import { useRef } from 'preact/hooks';
import type { Order } from '../api/documents.ts';
import { sentence, Undone, Unsure } from '../api/errors.ts';
import { useDesk } from '../desk.ts';
import { useAction, type Action } from '../parts/action.ts';

/** An action on an order. Whether it was done, if nobody knew, is known once the order is read: then it wasn't. */
export function useOrderAction(order: Order, asked = ''): Action {
  const { orders } = useDesk();
  const action = useAction(null, asked);
  const { message, error } = action;
  const heard = orders.heard.value.get(order.id);
  const heardBefore = useRef(heard);
  const act: Action['act'] = (what, done) =>
    action.act(async () => {
      try {
        await what();
      } catch (failure) {
        heardBefore.current = orders.heard.peek().get(order.id);
        throw failure;
      }
    }, done);
  if (error instanceof Unsure && heard !== heardBefore.current) {
    const undone = new Undone(error.message);
    return { ...action, act, error: undone, message: message && { kind: 'trouble', text: sentence(undone) } };
  }
  return { ...action, act };
}
