import { signal, type ReadonlySignal } from '@preact/signals';
import { Refused, SignedOut } from '../api/errors.ts';
import type { Cognito } from './cognito.ts';
import type { Tokens } from './tokens.ts';

export interface User {
  readonly id: string;
  readonly email: string;
}

/** Who is signed in, in this tab. */
export interface Session {
  readonly user: ReadonlySignal<User | null>;
  /** True once a session ended by itself; signing in or out makes it false. */
  readonly hasEnded: ReadonlySignal<boolean>;
  /** A token that is valid for a while yet; throws SignedOut or NoAnswer. */
  token(options?: { fresh: boolean }): Promise<string>;
  /** The API refuses this token although it is fresh: the session has ended, if it is still this one. */
  refused(idToken: string): void;
  signIn(email: string, password: string): Promise<void>;
  /** Go on after a reload, if the tab was signed in; throws NoAnswer. */
  resume(): Promise<void>;
  signOut(): void;
}

const KEY = 'orders.refresh-token';
const MARGIN_MS = 60_000;

/**
 * Tokens live as long as the tab: the id token in memory, the refresh token in `storage` (sessionStorage), so that a reload
 * doesn't sign out (docs/decisions.md says why not localStorage).
 */
export function createSession(cognito: Cognito, storage: Storage): Session {
  const user = signal<User | null>(null);
  const hasEnded = signal(false);
  let current: { idToken: string; expiresAt: number } | null = null;
  let refreshing: Promise<string> | null = null;

  const begin = ({ idToken, refreshToken }: Tokens): string => {
    const claims = claimsOf(idToken);
    current = { idToken, expiresAt: Date.now() + (claims.exp - claims.iat) * 1000 };
    storage.setItem(KEY, refreshToken);
    hasEnded.value = false;
    if (user.value?.id !== claims.sub) {
      user.value = { id: claims.sub, email: claims.email };
    }
    return idToken;
  };
  const end = (byItself: boolean): void => {
    current = null;
    storage.removeItem(KEY);
    hasEnded.value = byItself;
    user.value = null;
  };
  const refresh = async (): Promise<string> => {
    const refreshToken = storage.getItem(KEY);
    if (refreshToken === null) {
      throw new SignedOut('nobody is signed in');
    }
    try {
      const tokens = await cognito.refresh(refreshToken);
      // Who signed out meanwhile stays so.
      return storage.getItem(KEY) === refreshToken ? begin(tokens) : await refresh();
    } catch (error) {
      if (storage.getItem(KEY) !== refreshToken) {
        return refresh(); // somebody else's session by now, which this refusal isn't about
      }
      if (error instanceof Refused && error.type !== 'TooManyRequestsException') {
        end(true);
        throw new SignedOut(error.message);
      }
      throw error;
    }
  };

  const token = (options?: { fresh: boolean }): Promise<string> => {
    if (current && !options?.fresh && current.expiresAt - Date.now() > MARGIN_MS) {
      return Promise.resolve(current.idToken);
    }
    refreshing ??= refresh().finally(() => {
      refreshing = null;
    });
    return refreshing;
  };

  return {
    user,
    hasEnded,
    token,
    refused(idToken) {
      if (current?.idToken === idToken) {
        end(true);
      }
    },
    async signIn(email, password) {
      begin(await cognito.signIn(email, password));
    },
    async resume() {
      if (storage.getItem(KEY) !== null) {
        await token().catch((error: unknown) => {
          if (!(error instanceof SignedOut)) {
            throw error;
          }
        });
      }
    },
    signOut() {
      const refreshToken = storage.getItem(KEY);
      end(false);
      if (refreshToken !== null) {
        // Signed out is signed out, whether the server hears of it or not.
        cognito.revoke(refreshToken).catch(() => {});
      }
    },
  };
}

interface Claims {
  readonly sub: string;
  readonly email: string;
  readonly exp: number;
  readonly iat: number;
}

function claimsOf(token: string): Claims {
  const part = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
  const bytes = Uint8Array.from(atob(part), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)) as Claims;
}
