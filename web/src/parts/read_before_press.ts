import { useRef } from 'preact/hooks';

// Some presses are no event of the page: what is on the screen for so long counts as read anyway.
const READ_MS = 1000;

let pressBeganAt = -Infinity;
for (const begin of ['pointerdown', 'keydown']) {
  addEventListener(begin, () => (pressBeganAt = performance.now()), { capture: true });
}

interface Shown<T> {
  readonly key: string;
  readonly value: T;
  readonly since: number;
  readonly before: T;
}

/**
 * Return the value that a customer who presses a button can have read: it was on the screen when the press began, or for
 * a second. Until then that is the value before it. A new key means a new value.
 */
export function useReadBeforePress<T>(value: T, key: string): () => T {
  const shown = useRef<Shown<T>>({ key, value, since: -Infinity, before: value });
  const { current } = shown;
  shown.current =
    current.key === key ? { ...current, value } : { key, value, since: performance.now(), before: readOf(current) };
  return () => readOf(shown.current);
}

function readOf<T>({ value, since, before }: Shown<T>): T {
  return since < pressBeganAt || performance.now() - since > READ_MS ? value : before;
}
