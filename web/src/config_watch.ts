import { effect, signal, type ReadonlySignal } from '@preact/signals';
import { failures } from './api/network.ts';
import { loadConfig, type Config } from './config.ts';

/** True once the page's servers are others than those it was loaded for; looks whenever a call or a connection fails. */
export function watchConfig(config: Config): ReadonlySignal<boolean> {
  const isOutdated = signal(false);
  const failuresBefore = failures.peek();
  let isReading = false;
  const look = async (): Promise<void> => {
    isReading = true;
    // Where there is none, or nobody answers, the next failure looks again.
    const found = await loadConfig().catch(() => null);
    isReading = false;
    if (found !== null) {
      isOutdated.value = !isSame(found, config);
    }
  };
  effect(() => {
    if (failures.value > failuresBefore && !isReading) {
      void look();
    }
  });
  return isOutdated;
}

function isSame(one: Config, other: Config): boolean {
  const names = Object.keys({ ...one, ...other }) as (keyof Config)[];
  return names.every((name) => one[name] === other[name]);
}
