import { effect, signal } from '@preact/signals';

/** False while the browser says that it has no network. */
export const isOnline = signal(navigator.onLine);

/** Counts how often the servers came into reach again: what failed before is asked for anew. */
export const comebacks = signal(0);

/** Counts the calls and connections that failed or were refused: the servers may be others by now. */
export const failures = signal(0);

export function noteComeback(): void {
  comebacks.value = comebacks.peek() + 1;
}

export function noteFailure(): void {
  failures.value = failures.peek() + 1;
}

/** Fetch, and note it as a failure when there is no answer or one that refuses. */
export async function fetchNoting(url: string, init: RequestInit): Promise<Response> {
  try {
    const answer = await fetch(url, init);
    if (!answer.ok) {
      noteFailure();
    }
    return answer;
  } catch (error) {
    noteFailure();
    throw error;
  }
}

/** Resolves once there were more comebacks than `count`, or after `patienceMs`. */
export function comebackAfter(count: number, patienceMs?: number): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      resolve();
      queueMicrotask(() => stop());
    };
    const timer = patienceMs === undefined ? undefined : setTimeout(end, patienceMs);
    const stop = effect(() => {
      if (comebacks.value > count) {
        end();
      }
    });
  });
}

addEventListener('offline', () => {
  isOnline.value = false;
});
addEventListener('online', () => {
  isOnline.value = true;
  noteComeback();
});
