/* The endpoints of the local server. They want the token that `make up` put into the engineer's address. */

import { fetchNoting } from '../api/network.ts';
import type { Flow } from './counts.ts';

export interface Mail {
  readonly id: string;
  readonly at: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface DemoSession {
  readonly username: string;
  readonly idToken: string;
}

/** The local server doesn't take this page's token. */
export class TokenRefused extends Error {}

/** A code confirms a new account, or lets its owner set another password. */
export type Purpose = 'sign-up' | 'password';

export class LocalServer {
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  flow(): Promise<Flow> {
    return this.#ask<Flow>('GET', '/_local/flow');
  }

  async mails(): Promise<readonly Mail[]> {
    return (await this.#ask<{ mails: readonly Mail[] }>('GET', '/_local/mailbox')).mails;
  }

  demoSession(): Promise<DemoSession> {
    return this.#ask<DemoSession>('POST', '/_local/demo-session');
  }

  #ask<Answer>(method: string, path: string): Promise<Answer> {
    return ask(method, path, { 'x-local-token': this.#token });
  }
}

/**
 * Return the code that an account waits for, null when there is none. A new account's is anybody's to read; with the other
 * one somebody could take an account over, so that it is null without the token.
 */
export async function localCode(purpose: Purpose, email: string, token: string | null): Promise<string | null> {
  if (purpose === 'password' && token === null) return null;
  const path = `/_local/${purpose}-code?email=${encodeURIComponent(email)}`;
  const headers: HeadersInit = token === null ? {} : { 'x-local-token': token };
  return (await ask<{ code: string | null }>('GET', path, headers)).code;
}

async function ask<Answer>(method: string, path: string, headers: HeadersInit): Promise<Answer> {
  const answer = await fetchNoting(path, { method, headers, cache: 'no-store' });
  if (answer.status === 403) throw new TokenRefused();
  if (!answer.ok) throw new Error(`the local server answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Answer;
}
