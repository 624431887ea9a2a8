import './engineer.css';

import { useCallback, useMemo, useState } from 'preact/hooks';

import { useDesk } from '../desk.ts';
import { loadedLater } from '../parts/lazy_part.tsx';
import { Page } from '../parts/page.tsx';
import { Waiting } from '../parts/waiting.tsx';
import { counted } from './counts.ts';
import { FlowPicture } from './flow_picture.tsx';
import { LocalServer, TokenRefused } from './local_server.ts';
import { Mailbox } from './mailbox.tsx';
import { usePolled } from './polling.ts';
import { useLocalToken } from './token.ts';

const Explorer = loadedLater(() => import('./graphiql.tsx'));
const TITLES = { flow: 'Flow and mailbox', api: 'GraphiQL' } as const;
type View = keyof typeof TITLES;

/** The engineer's view of the local run: only where config.engineer is true. */
export default function EngineerPage() {
  const token = useLocalToken();
  return (
    <div class="engineer">
      <Page title="Engineer’s view" intro="What the local run does, and what it sends.">
        {token ? <Views token={token} /> : <HowToOpen />}
      </Page>
    </div>
  );
}

function Views({ token }: { token: string }) {
  const { config } = useDesk();
  const [view, setView] = useState<View>('flow');
  const server = useMemo(() => new LocalServer(token), [token]);
  const signIn = useCallback(() => server.demoSession(), [server]);
  return (
    <>
      <div role="group" class="views" aria-label="What to look at">
        {(Object.keys(TITLES) as View[]).map((name) => (
          <button
            key={name}
            type="button"
            class={view === name ? '' : 'outline'}
            aria-pressed={view === name}
            onClick={() => setView(name)}
          >
            {TITLES[name]}
          </button>
        ))}
      </div>
      {view === 'flow' ? <Running server={server} /> : <Explorer config={config} signIn={signIn} />}
    </>
  );
}

function Running({ server }: { server: LocalServer }) {
  const flow = usePolled(
    useCallback(() => server.flow(), [server]),
    1000,
  );
  const mails = usePolled(
    useCallback(() => server.mails(), [server]),
    1000,
  );
  const error = flow.error ?? mails.error;
  if (error instanceof TokenRefused) return <HowToOpen />;
  return (
    <>
      {error && (
        <p role="alert">The local run doesn’t answer, so this is how it was. `make status` says what is wrong.</p>
      )}
      <section aria-labelledby="flow-heading">
        <h2 id="flow-heading">Flow</h2>
        {flow.value ? <FlowPicture counts={counted(flow.value)} /> : <Waiting>Counting …</Waiting>}
        {flow.value && (
          <p class="since">Workflows and messages since {new Date(flow.value.since).toLocaleTimeString()}.</p>
        )}
      </section>
      <section aria-labelledby="mailbox-heading">
        <h2 id="mailbox-heading">Mailbox</h2>
        <Mailbox mails={mails.value} />
      </section>
    </>
  );
}

function HowToOpen() {
  return (
    <p role="alert">
      This view needs the token of the local run’s last start. Open the address that <code>make status</code> prints: it
      has the token in it.
    </p>
  );
}
