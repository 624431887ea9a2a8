const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** How long to wait after the `attempt`-th failure, counted from 0: doubled each time, and random, so that not all come at once. */
export function backoffMs(attempt: number): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return longest / 2 + (Math.random() * longest) / 2;
}
