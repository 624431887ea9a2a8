import type { Order } from '../api/documents.ts';

const ADVICE: Readonly<Record<string, string>> = {
  CARD_DECLINED: 'Your card was declined. Order again with another card, or ask your bank why.',
  INSUFFICIENT_FUNDS: 'Your card doesn’t have enough funds. Order again with another card.',
  UNKNOWN_PAYMENT_METHOD: 'We don’t know this card. Order again with another one.',
};
const OTHER = 'The payment could not be made, and nothing was charged. Please order again.';

/** Whether the bank refused the card, so that the same card would be refused again. */
export function needsAnotherCard(order: Order): boolean {
  return order.status === 'FAILED' && Object.hasOwn(ADVICE, order.failureReason ?? '');
}

/** Why the payment failed, and what to do about it. */
export function Failure({ order }: { order: Order }) {
  return order.status === 'FAILED' ? (
    <p class="notice notice-trouble">{ADVICE[order.failureReason ?? ''] ?? OTHER}</p>
  ) : null;
}
