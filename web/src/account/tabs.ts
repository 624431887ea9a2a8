import type { DatedTokens } from './tokens.ts';

/** What tabs tell each other of the session. */
export type Told =
  | { readonly type: 'asks'; readonly newerThan: number }
  | { readonly type: 'has'; readonly tokens: DatedTokens }
  | { readonly type: 'signed-out'; readonly userId: string; readonly refreshToken: string };

/** The other tabs of this browser in which the page is open. */
export interface Tabs {
  /** Call `listener` with what another tab tells, from now on. */
  hear(listener: (told: Told) => void): void;
  tell(told: Told): void;
  /** Ask for tokens that end after `newerThan`; ends once a tab has told some, or after a short while. */
  ask(newerThan: number): Promise<void>;
  /** Do it while no other tab does such work. */
  alone<Value>(work: () => Promise<Value>): Promise<Value>;
}

const ANSWER_MS = 300;
const TURN_MS = 5_000;

/** The tabs with the page of the same origin and `audience`, the pool and the client that their tokens are for. */
export function otherTabs(audience: string): Tabs {
  const name = `orders.session.${audience}`;
  const channel = new BroadcastChannel(name);
  const tell = (told: Told): void => channel.postMessage(told);
  return {
    hear: (listener) => channel.addEventListener('message', ({ data }: MessageEvent<Told>) => listener(data)),
    tell,
    ask(newerThan) {
      return new Promise((resume) => {
        const stop = (): void => {
          clearTimeout(timer);
          channel.removeEventListener('message', listen);
          resume();
        };
        const listen = ({ data }: MessageEvent<Told>): void => {
          if (data.type === 'has') stop();
        };
        const timer = setTimeout(stop, ANSWER_MS);
        channel.addEventListener('message', listen);
        tell({ type: 'asks', newerThan });
      });
    },
    async alone(work) {
      const signal = AbortSignal.timeout(TURN_MS);
      try {
        return await navigator.locks.request(name, { signal }, work);
      } catch (error) {
        // A tab that the browser put to sleep may keep its turn for ever.
        if (error === signal.reason) {
          return work();
        }
        throw error;
      }
    },
  };
}
