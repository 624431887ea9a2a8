import { signal, type ReadonlySignal } from '@preact/signals';
import { PASSING, Refused, SignedOut } from '../api/errors.ts';
import type { Cognito } from './cognito.ts';
import type { Tabs } from './tabs.ts';
import { claimsOf, dated, type DatedTokens } from './tokens.ts';

export interface User {
  readonly id: string;
  readonly email: string;
}

/** Who is signed in, in this tab. */
export interface Session {
  readonly user: ReadonlySignal<User | null>;
  /** True once a session ended by itself; signing in or out makes it false. */
  readonly hasEnded: ReadonlySignal<boolean>;
  /** True once the customer signed out, here or in another tab; signing in makes it false. */
  readonly hasSignedOut: ReadonlySignal<boolean>;
  /** A token that is valid for a while yet; throws SignedOut or NoAnswer. */
  token(options?: { fresh: boolean }): Promise<string>;
  /** The API refuses this token although it is fresh: the session has ended, if it is still this one. */
  refused(idToken: string): void;
  signIn(email: string, password: string): Promise<void>;
  /** Go on after a reload, or in a new tab, if this tab or another one is signed in; throws NoAnswer. */
  resume(): Promise<void>;
  /** Sign out, in all tabs that this customer is signed in to. */
  signOut(): void;
}

const KEY = 'orders.refresh-token';
const MARGIN_MS = 60_000;

/**
 * Tokens live as long as the tab: the id token in memory, the refresh token in `storage` (sessionStorage), so that a
 * reload doesn't sign out. One that another pool or client gave is dropped. `tabs` share them: one signs all of them in
 * and out. Why not localStorage: docs/decisions/page/session-in-the-tab.md.
 */
export function createSession(cognito: Cognito, storage: Storage, tabs: Tabs | null = null): Session {
  const user = signal<User | null>(null);
  const hasEnded = signal(false);
  const hasSignedOut = signal(false);
  /** Refresh tokens of sessions that are over: a tab that doesn't know it yet may still tell of one. */
  const over = new Set<string>();
  let current: DatedTokens | null = null;
  let refreshing: Promise<string> | null = null;

  const giver = `${cognito.id} `;
  const kept = (): string | null => {
    const text = storage.getItem(KEY);
    return text?.startsWith(giver) ? text.slice(giver.length) : null;
  };
  if (kept() === null) {
    storage.removeItem(KEY);
  }
  const hold = (tokens: DatedTokens): void => {
    const { sub, email } = claimsOf(tokens.idToken);
    current = tokens;
    storage.setItem(KEY, giver + tokens.refreshToken);
    hasEnded.value = hasSignedOut.value = false;
    if (user.value?.id !== sub) {
      user.value = { id: sub, email };
    }
  };
  const begin = (tokens: DatedTokens): string => {
    hold(tokens);
    tabs?.tell({ type: 'has', tokens });
    return tokens.idToken;
  };
  const end = (how: { byItself: boolean }): void => {
    const refreshToken = kept();
    if (refreshToken !== null) {
      over.add(refreshToken);
    }
    current = null;
    storage.removeItem(KEY);
    hasEnded.value = how.byItself;
    hasSignedOut.value = !how.byItself;
    user.value = null;
  };
  const leave = (): void => {
    const refreshToken = kept();
    if (refreshToken !== null && !over.has(refreshToken)) {
      // Signed out is signed out, whether the server hears of it or not.
      cognito.revoke(refreshToken).catch(() => {});
    }
    end({ byItself: false });
  };
  const refresh = async (): Promise<string> => {
    const refreshToken = kept();
    if (refreshToken === null) {
      throw new SignedOut('nobody is signed in');
    }
    try {
      const tokens = await cognito.refresh(refreshToken);
      // Who signed out meanwhile stays so.
      return kept() === refreshToken ? begin(dated(tokens)) : await refresh();
    } catch (error) {
      if (kept() !== refreshToken) {
        return refresh(); // somebody else's session by now, which this refusal isn't about
      }
      if (error instanceof Refused && !PASSING.has(error.type)) {
        end({ byItself: true });
        throw new SignedOut(error.message);
      }
      throw error;
    }
  };
  /** A newer token than `old`: another tab's, if one has it by now, else the pool's. */
  const renew = async (old: DatedTokens | null, others: Tabs): Promise<string> => {
    if (old !== null) {
      await others.ask(old.expiresAt);
    }
    return current !== old && lastsAWhile(current) ? current.idToken : refresh();
  };
  const token = (options?: { fresh: boolean }): Promise<string> => {
    if (!options?.fresh && lastsAWhile(current)) {
      return Promise.resolve(current.idToken);
    }
    const old = current;
    refreshing ??= (tabs ? tabs.alone(() => renew(old, tabs)) : refresh()).finally(() => {
      refreshing = null;
    });
    return refreshing;
  };
  /** Somebody else's session isn't this tab's: what is in its basket would be theirs. */
  const isWelcome = ({ idToken, refreshToken, expiresAt }: DatedTokens): boolean =>
    !over.has(refreshToken) &&
    (user.value === null || user.value.id === claimsOf(idToken).sub) &&
    expiresAt > (current?.expiresAt ?? 0);

  tabs?.hear((told) => {
    if (told.type === 'asks' && current !== null && current.expiresAt > told.newerThan) {
      tabs.tell({ type: 'has', tokens: current });
    } else if (told.type === 'has' && isWelcome(told.tokens)) {
      hold(told.tokens);
    } else if (told.type === 'signed-out') {
      over.add(told.refreshToken);
      if (user.value?.id === told.userId) {
        leave();
      }
    }
  });

  return {
    user,
    hasEnded,
    hasSignedOut,
    token,
    refused(idToken) {
      if (current?.idToken === idToken) {
        end({ byItself: true });
      }
    },
    async signIn(email, password) {
      begin(dated(await cognito.signIn(email, password)));
    },
    async resume() {
      if (kept() !== null) {
        await token().catch((error: unknown) => {
          if (!(error instanceof SignedOut)) {
            throw error;
          }
        });
      }
      if (user.value === null) {
        await tabs?.ask(0);
      }
    },
    signOut() {
      const refreshToken = kept();
      if (user.value !== null && refreshToken !== null) {
        tabs?.tell({ type: 'signed-out', userId: user.value.id, refreshToken });
      }
      leave();
    },
  };
}

function lastsAWhile(tokens: DatedTokens | null): tokens is DatedTokens {
  return tokens !== null && tokens.expiresAt - Date.now() > MARGIN_MS;
}
