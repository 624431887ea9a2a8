import { signal } from '@preact/signals';

/** The server's time at one moment of this device's two clocks: until an answer tells, the device's own. */
const learnt = signal({ server: Date.now(), date: Date.now(), sinceStart: performance.now() });

/**
 * The server's time, in whole epoch milliseconds: a countdown on a clock that is wrong would promise what isn't so. As
 * much has passed as the faster clock says: one may be set back, the other may stand still while the device sleeps.
 */
export function serverNow(): number {
  const { server, date, sinceStart } = learnt.value;
  return Math.round(server + Math.max(Date.now() - date, performance.now() - sinceStart));
}

// What a clock is corrected by, little by little, isn't worth a question.
const APART_MS = 2000;

/** Whether this device's clocks don't agree how much has passed: one was set, or stood still, and only the server knows. */
export function areClocksApart(): boolean {
  const { date, sinceStart } = learnt.peek();
  return Math.abs(Date.now() - date - (performance.now() - sinceStart)) > APART_MS;
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
  learnt.value = { server: answeredAt + aheadMs, date: answeredAt, sinceStart: performance.now() };
}
