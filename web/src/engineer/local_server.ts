/* The endpoints of the local server that only this view asks, with the token that `make up` put into its address. */

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

const KEPT = 'orders.engineer-token';
// As local/engineer/token.py makes it: `#main`, where the skip link goes, isn't one.
const TOKEN = /^[\w-]{32}$/;

/** The token of the address, which then leaves it, so that it isn't in a picture or a bookmark; else the one kept. */
export function takeToken(): string | null {
  const token = location.hash.slice(1);
  if (TOKEN.test(token)) {
    sessionStorage.setItem(KEPT, token);
    history.replaceState(history.state, '', location.pathname + location.search);
  }
  return sessionStorage.getItem(KEPT);
}

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

  async #ask<Answer>(method: string, path: string): Promise<Answer> {
    const answer = await fetch(path, { method, headers: { 'x-local-token': this.#token }, cache: 'no-store' });
    if (answer.status === 403) throw new TokenRefused();
    if (!answer.ok) throw new Error(`the local server answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as Answer;
  }
}
