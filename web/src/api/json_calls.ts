import { NoAnswer, Refused } from './errors.ts';
import { fetchNoting, noteFailure } from './network.ts';

const TIMEOUT_MS = 15_000;

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Post JSON and return the answer; throws Refused for what a firewall stopped, NoAnswer when there is none to rely on. */
export async function postJson(url: string, headers: Record<string, string>, body: unknown): Promise<Answer> {
  try {
    const response = await fetchNoting(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    // Overload and failures on the way: nobody knows how far the request came.
    if (response.status >= 500 || response.status === 429) {
      throw new NoAnswer(`${url} answered ${response.status}`);
    }
    // AWS WAF's answer, or a proxy's on the way: a page or JSON of any shape. The request came no further.
    if (response.status === 403) {
      throw new Refused('ForbiddenException', `${url} answered 403`);
    }
    const answer: unknown = await response.json().catch((error: unknown) => {
      noteFailure();
      throw error;
    });
    return { status: response.status, body: answer };
  } catch (error) {
    throw error instanceof NoAnswer || error instanceof Refused ? error : new NoAnswer(String(error));
  }
}
