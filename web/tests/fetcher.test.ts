import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { signedIn, type Observable } from '../src/engineer/fetcher.ts';
import { fakeSockets, type FakeSocket } from './fake_sockets.ts';

const CONFIG = { graphqlUrl: 'http://api.example/graphql', realtimeUrl: 'http://api.example/graphql/realtime' };
const QUERY = `query Q { orders { ...A } } subscription S($u: String!) { onOrderChanged(userId: $u) { ...B } }
fragment A on Order { id } fragment B on Order { status }`;

let sockets: FakeSocket[];

beforeEach(() => {
  sockets = fakeSockets();
});

afterEach(() => {
  vi.unstubAllGlobals();
});

async function watch() {
  const fetcher = signedIn(CONFIG, () => Promise.resolve({ username: 'demo', idToken: 'a-token' }));
  const request = { query: QUERY, variables: { u: 'me' }, operationName: 'S' };
  const answers: unknown[] = [];
  const watched = (await fetcher(request)) as unknown as Observable;
  const { unsubscribe } = watched.subscribe({ next: (answer) => answers.push(answer) });
  const socket = await vi.waitUntil(() => sockets[0]);
  return { socket, answers, unsubscribe };
}

test('a subscription is observed over the real-time endpoint until it is stopped', async () => {
  const { socket, answers, unsubscribe } = await watch();

  socket.goLive();
  socket.answer({ type: 'data', id: '1', payload: { data: { onOrderChanged: { status: 'PAID' } } } });
  unsubscribe();

  expect(socket.url).toBe('ws://api.example/graphql/realtime');
  expect(answers).toEqual([
    { subscription: 'connecting' },
    { subscription: 'live, waiting for news' },
    { data: { onOrderChanged: { status: 'PAID' } } },
  ]);
  expect(socket.isClosed).toBe(true);
});

test('who comes back to the tab still sees the last news', async () => {
  const { socket, answers, unsubscribe } = await watch();
  socket.goLive();
  const news = { data: { onOrderChanged: { status: 'PAID' } } };
  socket.answer({ type: 'data', id: '1', payload: news });

  dispatchEvent(new Event('online'));
  unsubscribe();

  expect(answers.at(-1)).toEqual(news);
});

test('of several operations only the chosen one is sent, with its fragments', async () => {
  const { socket, unsubscribe } = await watch();

  socket.goLive();
  unsubscribe();

  const { query, variables } = JSON.parse(socket.sent[1]?.payload?.data ?? '') as { query: string; variables: unknown };
  expect(query).toContain('subscription S');
  expect(query).toContain('fragment B');
  expect(query).not.toMatch(/query Q|fragment A/);
  expect(variables).toEqual({ u: 'me' });
});

test('what cannot be parsed is for the API to refuse', async () => {
  const asked: unknown[] = [];
  vi.stubGlobal('fetch', (_url: string, { body }: { body: string }) => {
    asked.push(JSON.parse(body));
    return Promise.resolve(Response.json({ errors: [] }));
  });
  const fetcher = signedIn(CONFIG, () => Promise.resolve({ username: 'demo', idToken: 'a-token' }));

  await fetcher({ query: 'subscription {' });

  expect(asked).toEqual([{ query: 'subscription {' }]);
});

test('anything else is asked over HTTP, with a new token when the first has expired', async () => {
  const statuses = [401, 200];
  const asked: unknown[] = [];
  vi.stubGlobal('fetch', (_url: string, { headers }: { headers: { authorization: string } }) => {
    asked.push(headers.authorization);
    return Promise.resolve(Response.json({ data: {} }, { status: statuses.shift() ?? 500 }));
  });
  let signIns = 0;
  const fetcher = signedIn(CONFIG, () => Promise.resolve({ username: 'demo', idToken: `token ${++signIns}` }));

  const answer = await fetcher({ query: QUERY, operationName: 'Q' });

  expect(answer).toEqual({ data: {} });
  expect(asked).toEqual(['token 1', 'token 2']);
  expect(sockets).toEqual([]);
});
