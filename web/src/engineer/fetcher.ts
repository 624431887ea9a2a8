import { getOperationAST, OperationTypeNode, parse, print, separateOperations, type DocumentNode } from 'graphql';

import type { Tokens } from '../api/client.ts';
import { fetchNoting } from '../api/network.ts';
import { subscribe } from '../api/realtime.ts';
import type { Liveness } from '../api/subscription.ts';
import type { Config } from '../config.ts';
import type { DemoSession } from './local_server.ts';

interface Request {
  readonly query: string;
  readonly variables?: unknown;
  readonly operationName?: string | null | undefined;
}

interface Observer {
  next(answer: Record<string, unknown>): void;
}

export interface Observable {
  subscribe(observer: Observer): { unsubscribe: () => void };
}

const STANDING: Readonly<Record<Liveness, string>> = {
  connecting: 'connecting',
  live: 'live, waiting for news',
  checking: 'silent for more than a minute, connecting anew',
  waiting: 'not there, trying again: the API refuses it, or doesn’t answer',
};

/** Ask the API with the demo user's token, and with a new one when it has expired; subscriptions come as they happen. */
export function signedIn(config: Pick<Config, 'graphqlUrl' | 'realtimeUrl'>, signIn: () => Promise<DemoSession>) {
  let session: Promise<DemoSession> | null = null;
  const tokens: Tokens = async (options) => {
    if (options?.fresh) session = null;
    session ??= signIn().catch((error: unknown) => {
      session = null; // or it would fail for good
      throw error;
    });
    return (await session).idToken;
  };
  const ask = async (request: Request, options: { fresh: boolean }): Promise<Response> => {
    const headers = { authorization: await tokens(options), 'content-type': 'application/json' };
    return fetchNoting(config.graphqlUrl, { method: 'POST', headers, body: JSON.stringify(request) });
  };
  const watch = (query: string, variables: unknown): Observable => ({
    subscribe: (observer) => {
      let standing: Liveness | null = null;
      const unsubscribe = subscribe({
        url: config.realtimeUrl.replace(/^http/, 'ws'),
        host: new URL(config.graphqlUrl).host,
        tokens,
        query,
        variables: (variables ?? {}) as Record<string, unknown>,
        onData: (data) => observer.next({ data }),
        onLiveness: (liveness) => {
          // Whatever comes takes the place of what was shown: a standing that is no news mustn't.
          if (liveness !== standing) {
            standing = liveness;
            observer.next({ subscription: STANDING[liveness] });
          }
        },
      });
      return { unsubscribe };
    },
  });

  return async (request: Request) => {
    const document = parsed(request.query);
    const operation = document && getOperationAST(document, request.operationName);
    if (document && operation?.operation === OperationTypeNode.SUBSCRIPTION) {
      // The editor may hold other operations, and the real-time endpoint is sent no name to choose by.
      const alone = separateOperations(document)[operation.name?.value ?? ''];
      return watch(alone ? print(alone) : request.query, request.variables);
    }
    let answer = await ask(request, { fresh: false });
    if (answer.status === 401) {
      answer = await ask(request, { fresh: true });
    }
    return (await answer.json()) as Record<string, unknown>;
  };
}

/** The document; none when it can't be parsed, which the API says better. */
function parsed(query: string): DocumentNode | null {
  try {
    return parse(query);
  } catch {
    return null;
  }
}
