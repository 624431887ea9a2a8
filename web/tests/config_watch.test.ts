import { afterEach, expect, test, vi } from 'vitest';
import { CONFIG } from './sample_config.ts';

/** What ends the listening of the pages that were loaded. */
const ends: (() => void)[] = [];

afterEach(() => ends.splice(0).forEach((end) => end()));

const MOVED = { ...CONFIG, userPoolId: 'eu-central-1_other' };

/** A page that was just loaded, whose own server answers so. */
async function begin(answer: () => Promise<Response>) {
  vi.resetModules(); // a page watches as long as it is there
  const { postJson } = await import('../src/api/json_calls.ts');
  const { noteComeback, noteFailure } = await import('../src/api/network.ts');
  const { watchConfig } = await import('../src/config_watch.ts');
  const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(answer);
  const listening = vi.spyOn(globalThis, 'addEventListener');
  ends.push(() => listening.mock.calls.forEach(([type, listener]) => removeEventListener(type, listener)));
  return { ...watchConfig(CONFIG), fetched, noteComeback, noteFailure, postJson };
}

/** Let all answers that are there be taken. */
const settle = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 0));

test('servers that are others than when the page was loaded are noticed when something fails', async () => {
  const { isOutdated, fetched, noteFailure } = await begin(() => Promise.resolve(Response.json(MOVED)));
  expect(isOutdated.value).toBe(false);
  expect(fetched).not.toHaveBeenCalled();

  noteFailure();
  await settle();

  expect(isOutdated.value).toBe(true);
});

test('a failure of the servers that it knows changes nothing', async () => {
  const { isOutdated, fetched, noteFailure } = await begin(() => Promise.resolve(Response.json(CONFIG)));

  noteFailure();
  await settle();

  expect(fetched).toHaveBeenCalledTimes(1);
  expect(isOutdated.value).toBe(false);
});

test('a setting that is new or gone makes it another configuration', async () => {
  const { isOutdated, noteFailure } = await begin(() => Promise.resolve(Response.json({ ...CONFIG, more: 1 })));

  noteFailure();
  await settle();

  expect(isOutdated.value).toBe(true);
});

test('while nobody answers nothing is known, and the next failure looks again', async () => {
  const answers = [
    () => Promise.reject(new TypeError('Failed to fetch')),
    () => Promise.resolve(new Response('nothing is deployed yet', { status: 404 })),
    () => Promise.resolve(Response.json(MOVED)),
  ];
  const { isOutdated, noteFailure } = await begin(() => answers.shift()?.() ?? Promise.reject(new Error('no more')));
  const seen: boolean[] = [];

  for (let failure = 0; failure < 4; failure++) {
    noteFailure();
    await settle();
    seen.push(isOutdated.value);
  }

  expect(seen).toEqual([false, false, true, true]);
});

test('what could not be read when the customer came back is read once the servers are back, and only then', async () => {
  const answers = [() => Promise.reject(new TypeError('Failed to fetch')), () => Promise.resolve(Response.json(MOVED))];
  const { isOutdated, fetched, noteComeback } = await begin(
    () => answers.shift()?.() ?? Promise.reject(new Error('no')),
  );
  noteComeback();
  await comeBack(60);
  expect([fetched.mock.calls.length, isOutdated.value]).toEqual([1, false]);

  noteComeback();
  await settle();
  noteComeback();
  await settle();

  expect([fetched.mock.calls.length, isOutdated.value]).toEqual([2, true]);
});

test('failures that come together look once', async () => {
  const { fetched, noteFailure } = await begin(() => new Promise(() => {}));

  noteFailure();
  noteFailure();

  expect(fetched).toHaveBeenCalledTimes(1);
});

/** So many seconds later the customer comes back to the window. */
async function comeBack(seconds: number): Promise<void> {
  const then = Date.now() + seconds * 1000;
  vi.spyOn(Date, 'now').mockReturnValue(then);
  dispatchEvent(new Event('focus'));
  await settle();
}

test('who comes back to the window is told of other servers, without a failure', async () => {
  const { isOutdated } = await begin(() => Promise.resolve(Response.json(MOVED)));

  await comeBack(60);

  expect(isOutdated.value).toBe(true);
});

test('who goes to and fro between windows doesn’t read it each time', async () => {
  const { fetched } = await begin(() => Promise.resolve(Response.json(CONFIG)));

  await comeBack(5);
  expect(fetched).not.toHaveBeenCalled();
  await comeBack(6);
  await comeBack(9);
  expect(fetched).toHaveBeenCalledTimes(1);
  await comeBack(2);

  expect(fetched).toHaveBeenCalledTimes(2);
});

test('another change window is taken over, and needs no reload', async () => {
  const other = { ...CONFIG, changeWindowSeconds: 0 };
  const { changeWindowSeconds, isOutdated } = await begin(() => Promise.resolve(Response.json(other)));
  expect(changeWindowSeconds.value).toBe(60);

  await comeBack(60);

  expect(changeWindowSeconds.value).toBe(0);
  expect(isOutdated.value).toBe(false);
});

test.each([
  ['a call of GraphiQL that is refused', () => Promise.resolve(Response.json({}, { status: 404 })), 'api'],
  ['a call of GraphiQL that is not answered', () => Promise.reject(new TypeError('Failed to fetch')), 'api'],
  ['a call of the local server that is refused', () => Promise.resolve(Response.json({}, { status: 403 })), 'local'],
  ['a call of the local server that is not answered', () => Promise.reject(new TypeError('Failed')), 'local'],
])('%s is a failure, too', async (_, answer, asked) => {
  const { isOutdated, fetched } = await begin(answer);
  const { signedIn } = await import('../src/engineer/fetcher.ts');
  const { LocalServer } = await import('../src/engineer/local_server.ts');
  fetched.mockImplementation((url) => (url === '/config.json' ? Promise.resolve(Response.json(MOVED)) : answer()));

  const asking =
    asked === 'api'
      ? signedIn(CONFIG, () => Promise.resolve({ username: 'demo', idToken: 'a-token' }))({
          query: '{ orders { id } }',
        })
      : new LocalServer('a-token').flow();
  await asking.catch(() => {});
  await settle();

  expect(isOutdated.value).toBe(true);
});

test.each([
  ['refused', () => Promise.resolve(Response.json({}, { status: 401 }))],
  ['refused as unknown', () => Promise.resolve(Response.json({}, { status: 404 }))],
  ['not answered', () => Promise.reject(new TypeError('Failed to fetch'))],
  ['not answered well', () => Promise.resolve(Response.json({}, { status: 503 }))],
])('a call that is %s is a failure, whether of the API or of the user pool', async (_, answer) => {
  const { isOutdated, fetched, postJson } = await begin(answer);
  fetched.mockImplementationOnce(answer).mockImplementationOnce(() => Promise.resolve(Response.json(MOVED)));

  await postJson('https://api.example/graphql', {}, {}).catch(() => {});
  await settle();

  expect(isOutdated.value).toBe(true);
});
