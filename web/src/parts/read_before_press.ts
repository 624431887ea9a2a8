import { useRef } from 'preact/hooks';

// What stood there for so long counts as read, however it is answered.
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
 * What whoever presses a button now can have read: a value, told apart by its key, that was there when the press began,
 * or a second ago. An answer that comes between a finger's going down and its going up changes what is on the screen.
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
