import { signal } from '@preact/signals';

// The server's time when `performance.now()`, a clock that nobody sets, was 0: until an answer tells, by this device's.
const began = signal(Date.now() - performance.now());

/** The server's time, in whole epoch milliseconds: a countdown on a clock that is wrong would promise what isn't so. */
export function serverNow(): number {
  return Math.round(began.value + performance.now());
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
  const aheadMs = isApart ? Math.floor(at + (PRECISION_MS - 1) / 2 - (sentAt + answeredAt) / 2) : 0;
  began.value = answeredAt - performance.now() + aheadMs;
}
