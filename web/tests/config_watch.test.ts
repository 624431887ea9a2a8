import { expect, test, vi } from 'vitest';
import { CONFIG } from './sample_config.ts';

const MOVED = { ...CONFIG, userPoolId: 'eu-central-1_other' };

/** A page that was just loaded, whose own server answers so. */
async function begin(answer: () => Promise<Response>) {
  vi.resetModules(); // a page watches as long as it is there
  const { postJson } = await import('../src/api/json_calls.ts');
  const { noteFailure } = await import('../src/api/network.ts');
  const { watchConfig } = await import('../src/config_watch.ts');
  const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(answer);
  return { isOutdated: watchConfig(CONFIG), fetched, noteFailure, postJson };
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

test('failures that come together look once', async () => {
  const { fetched, noteFailure } = await begin(() => new Promise(() => {}));

  noteFailure();
  noteFailure();

  expect(fetched).toHaveBeenCalledTimes(1);
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
