import { effect, signal, type ReadonlySignal } from '@preact/signals';
import { comebacks, failures } from './api/network.ts';
import { loadConfig, type Config } from './config.ts';
import { areClocksApart } from './orders/clock.ts';
import { onReturn } from './page_visibility.ts';

// Who goes to and fro between windows doesn't read it each time.
const LEAST_PAUSE_MS = 10_000;
const CLOCK_LOOK_MS = 500;

/** The page's configuration as it is now. */
export interface ConfigWatch {
  /** True once more than the change window is other than when the page was loaded: only a reload helps. */
  readonly isOutdated: ReadonlySignal<boolean>;
  readonly changeWindowSeconds: ReadonlySignal<number>;
}

/**
 * Read the configuration again whenever a call or a connection fails, and when the customer comes back. Its answer tells
 * the server's time, so it is read too when a clock of this device was set.
 */
export function watchConfig(config: Config): ConfigWatch {
  const isOutdated = signal(false);
  const changeWindowSeconds = signal(config.changeWindowSeconds);
  const failuresBefore = failures.peek();
  const comebacksBefore = comebacks.peek();
  let isReading = false;
  let isMissed = false;
  let readAt = Date.now();
  const look = async (): Promise<void> => {
    isReading = true;
    readAt = Date.now();
    // Where there is none, or nobody answers, the next failure or comeback looks again.
    const found = await loadConfig().catch(() => null);
    isReading = false;
    isMissed = found === null;
    if (found !== null) {
      isOutdated.value = !isSame(found, config);
      changeWindowSeconds.value = found.changeWindowSeconds;
    }
  };
  effect(() => {
    if (failures.value > failuresBefore && !isReading) {
      void look();
    }
  });
  effect(() => {
    if (comebacks.value > comebacksBefore && isMissed && !isReading) {
      void look();
    }
  });
  onReturn(async () => {
    // A device's clock may be set back.
    if (!isReading && Math.abs(Date.now() - readAt) >= LEAST_PAUSE_MS) {
      await look();
    }
  });
  let askedTimeAt = -Infinity;
  setInterval(() => {
    // By the clock that nobody sets. The server may be out of reach.
    if (areClocksApart() && !isReading && performance.now() - askedTimeAt >= LEAST_PAUSE_MS) {
      askedTimeAt = performance.now();
      void look();
    }
  }, CLOCK_LOOK_MS);
  return { isOutdated, changeWindowSeconds };
}

/** Whether both are the same but for the change window, which the page takes over as it is. */
function isSame(one: Config, other: Config): boolean {
  const names = Object.keys({ ...one, ...other }) as (keyof Config)[];
  return names.every((name) => name === 'changeWindowSeconds' || one[name] === other[name]);
}
