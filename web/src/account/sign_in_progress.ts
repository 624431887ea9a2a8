import { signal, type ReadonlySignal } from '@preact/signals';
import { isOpenedAnew } from '../navigation_type.ts';

const STEPS = ['sign-in', 'sign-up', 'confirm', 'forgotten', 'reset'] as const;
export type Step = (typeof STEPS)[number];

export interface Progress {
  readonly step: Step;
  readonly email: string;
  /** The address of an account that isn't confirmed, as this tab was told: a code went to it. */
  readonly unconfirmed: string;
  /** The addresses of accounts that may have a new password, while sessions by the old one go on. */
  readonly unended: readonly string[];
}

/**
 * How far somebody is on the way in; it outlives a reload and a look at another page. Passwords are no part of it.
 * A page that is opened anew begins at signing in, unless a code was sent. One of another user pool, which sent none and
 * may not know the address, begins at signing up then.
 */
export interface SignInProgress {
  readonly progress: ReadonlySignal<Progress>;
  set(change: Partial<Progress>): void;
  /** Somebody is signed in: the next one begins anew. Sessions that have to be ended stay noted. */
  clear(): void;
}

const KEY = 'orders.sign-in';
const START: Progress = { step: 'sign-in', email: '', unconfirmed: '', unended: [] };
const WITH_A_CODE: ReadonlySet<Step> = new Set(['confirm', 'reset']);

/** The progress that `storage` holds, or a new one, at the user pool with this client. */
export function createSignInProgress(storage: Storage, userPoolClientId: string): SignInProgress {
  const progress = signal<Progress>(read(storage.getItem(KEY), userPoolClientId));
  const set = (change: Partial<Progress>): void => {
    progress.value = { ...progress.value, ...change };
    storage.setItem(KEY, JSON.stringify({ ...progress.value, userPoolClientId }));
  };
  return { progress, set, clear: () => set({ ...START, unended: progress.value.unended }) };
}

function read(text: string | null, userPoolClientId: string): Progress {
  try {
    const kept = JSON.parse(text ?? '{}') as Partial<Record<keyof Progress | 'userPoolClientId', unknown>>;
    const { step, email, unconfirmed, unended } = kept;
    const found = STEPS.find((one) => one === step);
    if (found === undefined || typeof email !== 'string') {
      return START;
    }
    const hasCode = WITH_A_CODE.has(found);
    const isKept = hasCode ? email !== '' : !isOpenedAnew();
    const isHere = kept.userPoolClientId === userPoolClientId;
    return {
      step: !isKept ? START.step : hasCode && !isHere ? 'sign-up' : found,
      email,
      unconfirmed: isHere && typeof unconfirmed === 'string' ? unconfirmed : START.unconfirmed,
      unended: isHere && Array.isArray(unended) ? unended.map(String) : START.unended,
    };
  } catch {
    return START; // another release's
  }
}
