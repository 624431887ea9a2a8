import { signal } from '@preact/signals';

// How far the server's clock is ahead of this device's, as far as an answer told.
const aheadMs = signal(0);

/** The server's time, in whole epoch milliseconds: a countdown on a clock that is wrong would promise what isn't so. */
export function serverNow(): number {
  return Date.now() + aheadMs.value;
}

// HTTP's dates have no milliseconds.
const PRECISION_MS = 1000;

/** Learn from the date that the server gave between a call and its answer. */
export function learnServerTime(at: number, sentAt: number, answeredAt: number): void {
  if (Number.isNaN(at)) {
    return;
  }
  // Within the call's own duration the clocks may as well agree.
  const isApart = at + PRECISION_MS <= sentAt || at > answeredAt;
  aheadMs.value = isApart ? Math.floor(at + (PRECISION_MS - 1) / 2 - (sentAt + answeredAt) / 2) : 0;
}
