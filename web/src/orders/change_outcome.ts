import type { Order } from '../api/documents.ts';
import { isStoppedOnTheWay, NoAnswer, Refused, Undone, Unsure } from '../api/errors.ts';

/**
 * What became of a change of an order. An answer that was lost, or that says it is too late, doesn't tell: the change may
 * have been made by this call or by one before it. Then the order as it stands (`read`) decides.
 */
export async function outcome(
  changing: Promise<Order>,
  read: () => Promise<Order>,
  isDone: (order: Order) => boolean,
): Promise<Order> {
  try {
    return await changing;
  } catch (error) {
    const isTooLate = error instanceof Refused && error.type === 'OrderNotChangeable';
    if (!isTooLate && !(error instanceof NoAnswer)) {
      throw error;
    }
    const order = await read().catch((unread: unknown) => {
      throw unread instanceof NoAnswer || isStoppedOnTheWay(unread) ? new Unsure(String(unread)) : unread;
    });
    if (isDone(order)) {
      return order;
    }
    if (isTooLate) {
      throw error;
    }
    throw order.status === 'PENDING' ? new Undone(error.message) : new Refused('OrderNotChangeable', error.message);
  }
}
