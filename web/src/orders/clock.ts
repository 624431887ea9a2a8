import { signal } from '@preact/signals';

const KEY = 'orders.clock-ahead-ms';

// How far the server's clock is ahead of this device's, as far as an answer told this tab.
const ahead = signal(Number(sessionStorage.getItem(KEY)) || 0);

/** The server's time, in epoch milliseconds: a countdown on a clock that is wrong would promise what isn't so. */
export function serverNow(): number {
  return Date.now() + ahead.value;
}

/** Learn from a moment that the server wrote down between a call and its answer. */
export function learnServerTime(moment: string, sentAt: number, answeredAt: number): void {
  const at = Date.parse(moment);
  // Within the call's own duration the clocks may as well agree.
  const isApart = at < sentAt || at > answeredAt;
  ahead.value = isApart ? at - (sentAt + answeredAt) / 2 : 0;
  sessionStorage.setItem(KEY, String(ahead.value));
}
