import { Refused } from './api/errors.ts';
import { learnServerTime } from './orders/clock.ts';

/** Where the page's servers are: what Terraform wrote beside the page, or the local server answers. */
export interface Config {
  readonly region: string;
  readonly graphqlUrl: string;
  readonly realtimeUrl: string;
  readonly userPoolId: string;
  readonly userPoolClientId: string;
  readonly cognitoUrl: string;
  readonly changeWindowSeconds: number;
  /** Whether the customer's news come by themselves; else they are asked for. */
  readonly liveUpdates: boolean;
  readonly engineer: boolean;
}

const TIMEOUT_MS = 15_000;
const TEXTS = ['region', 'graphqlUrl', 'realtimeUrl', 'userPoolId', 'userPoolClientId', 'cognitoUrl'] as const;

/**
 * Read the page's configuration; says which setting is missing or of the wrong type. It is the first thing that a page
 * asks for, and tells it the server's time too.
 */
export async function loadConfig(): Promise<Config> {
  const sentAt = Date.now();
  const answer = await fetch('/config.json', { cache: 'no-cache', signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
    (error: unknown) => {
      throw new Error(`config.json: there was no answer (${String(error)})`);
    },
  );
  // An answer out of an edge's cache was made `age` seconds ago.
  const ageMs = Number(answer.headers.get('age')) * 1000;
  learnServerTime(Date.parse(answer.headers.get('date') ?? '') + ageMs, sentAt, Date.now());
  if (answer.status === 403) {
    throw new Refused('ForbiddenException', 'config.json: the server answered 403');
  }
  if (!answer.ok) {
    throw new Error(`config.json: the server answered ${answer.status}`);
  }
  return checked((await answer.json()) as Partial<Record<keyof Config, unknown>>);
}

function checked(found: Partial<Record<keyof Config, unknown>>): Config {
  for (const name of TEXTS) {
    if (typeof found[name] !== 'string' || found[name] === '') {
      throw new Error(`config.json: ${name} must be a text, got ${JSON.stringify(found[name])}`);
    }
  }
  if (typeof found.changeWindowSeconds !== 'number') {
    throw new Error(`config.json: changeWindowSeconds must be a number, got ${String(found.changeWindowSeconds)}`);
  }
  return { ...found, liveUpdates: found.liveUpdates !== false, engineer: found.engineer === true } as Config;
}
