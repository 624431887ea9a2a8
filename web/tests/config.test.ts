import { expect, test, vi } from 'vitest';
import { loadConfig } from '../src/config.ts';

const COMPLETE = {
  region: 'eu-central-1',
  graphqlUrl: 'http://127.0.0.1:4566/appsync/a/graphql',
  realtimeUrl: 'ws://127.0.0.1:4566/appsync/a/graphql/realtime',
  userPoolId: 'eu-central-1_a',
  userPoolClientId: 'b',
  cognitoUrl: 'http://127.0.0.1:4566/',
  changeWindowSeconds: 20,
};

function serve(body: unknown, status = 200): void {
  vi.spyOn(globalThis, 'fetch').mockResolvedValue(Response.json(body, { status }));
}

test('the engineer’s view is off unless the configuration says true', async () => {
  serve({ ...COMPLETE, engineer: 'yes' });

  const config = await loadConfig();

  expect(config).toEqual({ ...COMPLETE, liveUpdates: true, engineer: false });
});

test('live updates are on unless the configuration says false', async () => {
  serve({ ...COMPLETE, liveUpdates: false });

  expect((await loadConfig()).liveUpdates).toBe(false);
});

test('a missing setting is named', async () => {
  serve({ ...COMPLETE, userPoolId: undefined });

  await expect(loadConfig()).rejects.toThrow('config.json: userPoolId must be a text, got undefined');
});

test('a server without a configuration is told with its answer', async () => {
  serve({}, 404);

  await expect(loadConfig()).rejects.toThrow('config.json: the server answered 404');
});

test('a firewall before the page is told as one', async () => {
  serve({}, 403);

  await expect(loadConfig()).rejects.toMatchObject({
    type: 'ForbiddenException',
    message: 'config.json: the server answered 403',
  });
});

test('a server that gives no answer is not waited for without end', async () => {
  vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
  vi.spyOn(globalThis, 'fetch').mockImplementation((_, init) =>
    init?.signal?.aborted ? Promise.reject(new Error('timed out')) : new Promise(() => {}),
  );

  await expect(loadConfig()).rejects.toThrow('config.json: there was no answer (Error: timed out)');
});
