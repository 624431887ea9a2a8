import { afterEach, expect, test, vi } from 'vitest';
import { createCognito } from '../src/account/cognito.ts';
import { NoAnswer, NotLoaded, Refused, sentence } from '../src/api/errors.ts';
import type { Config } from '../src/config.ts';

afterEach(() => vi.unstubAllGlobals());

const pool = createCognito({
  userPoolId: 'eu-central-1_pool',
  userPoolClientId: 'client',
  cognitoUrl: 'http://127.0.0.1/cognito',
} as Config);

/** What becomes of signing in when the pool answers so. */
async function signedInWith(answer: (init: RequestInit) => Promise<Response>): Promise<unknown> {
  vi.stubGlobal(
    'fetch',
    vi.fn((_: string, init: RequestInit) => answer(init)),
  );
  return pool.signIn('zoë@example.com', 'secret').catch((error: unknown) => error);
}

test('signing in doesn’t wait for ever for an answer', async () => {
  vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());

  const error = await signedInWith(({ signal }) =>
    signal?.aborted ? Promise.reject(new Error('timed out')) : new Promise(() => {}),
  );

  expect(error).toBeInstanceOf(NoAnswer);
});

test('a gateway that answers for the pool is no answer', async () => {
  const error = await signedInWith(() => Promise.resolve(new Response('<h1>Bad gateway</h1>', { status: 502 })));

  expect(sentence(error)).toMatch(/can’t reach the server/);
});

test.each([
  ['Incorrect username or password.', /address or the password is wrong/],
  ['Password attempts exceeded', /Too many attempts.* wait/],
  ['User is disabled.', /account has been disabled/],
])('what the pool says of a password is told apart: %s', async (message, told) => {
  const body = JSON.stringify({ __type: 'NotAuthorizedException', message });

  const error = await signedInWith(() => Promise.resolve(new Response(body, { status: 400 })));

  expect(error).toBeInstanceOf(Refused);
  expect(sentence(error)).toMatch(told);
});

test('a part of the page that isn’t there asks for a reload', () => {
  expect(sentence(new NotLoaded())).toMatch(/reload the page/);
});

test.each([
  ['the next one', { IdToken: 'new', RefreshToken: 'next' }, 'next'],
  ['none', { IdToken: 'new' }, 'old'],
])('a session is refreshed in the way of every pool, one that answers with %s too', async (_, result, kept) => {
  const sent: [string | null, unknown][] = [];
  vi.stubGlobal('fetch', (_: string, { headers, body }: RequestInit) => {
    sent.push([new Headers(headers).get('x-amz-target'), JSON.parse(body as string)]);
    return Promise.resolve(new Response(JSON.stringify({ AuthenticationResult: result })));
  });

  const tokens = await pool.refresh('old');

  const action = 'AWSCognitoIdentityProviderService.GetTokensFromRefreshToken';
  expect(sent).toEqual([[action, { ClientId: 'client', RefreshToken: 'old' }]]);
  expect(tokens).toEqual({ idToken: 'new', refreshToken: kept });
});

test('a pool and its client have a name that no other pool and no other client has', () => {
  const others = [
    { userPoolId: 'another', userPoolClientId: 'client' },
    { userPoolId: 'eu-central-1_pool', userPoolClientId: 'another' },
  ].map((config) => createCognito(config as Config).id);

  expect(new Set([pool.id, ...others]).size).toBe(3);
});
