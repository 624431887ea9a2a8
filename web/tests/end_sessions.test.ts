import { afterEach, expect, test, vi } from 'vitest';
import { createCognito } from '../src/account/cognito.ts';
import type { Config } from '../src/config.ts';

vi.mock('../src/account/srp.ts', () => ({
  provePassword: () => Promise.resolve({ idToken: 'id', accessToken: 'access', refreshToken: 'refresh' }),
}));

afterEach(() => vi.unstubAllGlobals());

const pool = createCognito({ cognitoUrl: 'http://127.0.0.1/cognito' } as Config);

test('sessions are ended with the access token of a sign-in, which nobody else gets', async () => {
  const sent: unknown[] = [];
  vi.stubGlobal('fetch', (_: string, { headers, body }: RequestInit) => {
    sent.push([new Headers(headers).get('x-amz-target')?.split('.')[1], JSON.parse(body as string)]);
    return Promise.resolve(new Response('{}'));
  });

  await pool.endSessions('zoë@example.com', 'secret');
  const kept = await pool.signIn('zoë@example.com', 'secret');

  expect(sent).toEqual([['GlobalSignOut', { AccessToken: 'access' }]]);
  expect(kept).toEqual({ idToken: 'id', refreshToken: 'refresh' });
});
