import { GraphiQL } from 'graphiql';
import 'graphiql/style.css';
import { useMemo, useRef } from 'preact/hooks';

import type { DemoSession } from './local_server.ts';

interface Request {
  readonly query: string;
  readonly variables?: unknown;
  readonly operationName?: string | null | undefined;
}

const STARTER = `# You are signed in as the demo user.
# Ctrl+Enter runs it, Ctrl+Space completes.
query Orders {
  orders(first: 5) {
    id
    name
    quantity
    total
    currency
    status
    version
    createdAt
  }
}
`;

/** GraphiQL on the API, signed in as the demo user. */
export default function Explorer({ url, signIn }: { url: string; signIn: () => Promise<DemoSession> }) {
  const fetcher = useMemo(() => signedIn(url, signIn), [url, signIn]);
  const letTabLeave = useLettingTabLeave();
  return (
    <>
      <p class="since">In its editors Tab indents. To leave one with the keyboard, press Escape and then Tab.</p>
      <div class="explorer" onKeyDownCapture={letTabLeave}>
        <GraphiQL fetcher={fetcher} defaultQuery={STARTER} isHeadersEditorEnabled={false} />
      </div>
    </>
  );
}

/** After Escape the editors don't get Tab, so that it does what it does everywhere else. */
function useLettingTabLeave(): (event: KeyboardEvent) => void {
  const isLeaving = useRef(false);
  return (event) => {
    if (event.key === 'Tab' && isLeaving.current) {
      event.stopPropagation();
    }
    // Shift comes before Tab on the way back.
    isLeaving.current = event.key === 'Escape' || (isLeaving.current && event.key === 'Shift');
  };
}

/** Ask the API with the demo user's token, and with a new one when it has expired. */
function signedIn(url: string, signIn: () => Promise<DemoSession>) {
  let session: Promise<DemoSession> | null = null;
  return async (request: Request): Promise<Record<string, unknown>> => {
    const ask = async (): Promise<Response> => {
      session ??= signIn().catch((error: unknown) => {
        session = null; // or it would fail for good
        throw error;
      });
      const { idToken } = await session;
      const headers = { authorization: idToken, 'content-type': 'application/json' };
      return fetch(url, { method: 'POST', headers, body: JSON.stringify(request) });
    };
    let answer = await ask();
    if (answer.status === 401) {
      session = null;
      answer = await ask();
    }
    return (await answer.json()) as Record<string, unknown>;
  };
}
