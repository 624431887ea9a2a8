import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Cognito } from '../src/account/cognito.ts';
import { createSession } from '../src/account/session.ts';
import { NoAnswer, Refused, SignedOut } from '../src/api/errors.ts';

const HOUR_S = 3600;

beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
  localStorage.clear();
});

afterEach(() => vi.useRealTimers());

function idToken(number: number, iat = Date.now() / 1000): string {
  const claims = { sub: 'me', email: 'zoë@example.com', iat, exp: iat + HOUR_S, number };
  const bytes = new TextEncoder().encode(JSON.stringify(claims));
  return `head.${btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')}.signature`;
}

function poolWith(
  refresh: () => Promise<string> = () => Promise.resolve(idToken(2)),
  aheadSeconds = 0,
  id = 'pool client',
) {
  const tokens = (token: string) => ({ idToken: token, refreshToken: 'refresh' });
  return {
    id,
    signIn: vi.fn(() => Promise.resolve(tokens(idToken(1, Date.now() / 1000 - aheadSeconds)))),
    refresh: vi.fn(() => refresh().then(tokens)),
    revoke: vi.fn(() => Promise.resolve()),
  } as unknown as Cognito & { refresh: ReturnType<typeof vi.fn>; revoke: ReturnType<typeof vi.fn> };
}

test('a token is kept until it is about to end, and several who need a new one ask once', async () => {
  const pool = poolWith();
  const session = createSession(pool, sessionStorage);
  await session.signIn('zoë@example.com', 'secret');
  const first = await session.token();
  vi.advanceTimersByTime((HOUR_S - 50) * 1000);

  const both = await Promise.all([session.token(), session.token()]);

  expect(first).not.toBe(both[0]);
  expect(both[0]).toBe(both[1]);
  expect(pool.refresh).toHaveBeenCalledTimes(1);
});

test('a device whose clock is wrong keeps its token as long as others', async () => {
  const pool = poolWith(undefined, 5 * HOUR_S);
  const session = createSession(pool, sessionStorage);
  await session.signIn('zoë@example.com', 'secret');

  await session.token();

  expect(pool.refresh).not.toHaveBeenCalled();
  expect(session.user.value).toEqual({ id: 'me', email: 'zoë@example.com' });
});

test('a reload goes on with the session', async () => {
  await createSession(poolWith(), sessionStorage).signIn('zoë@example.com', 'secret');
  const reloaded = createSession(poolWith(), sessionStorage);

  await reloaded.resume();

  expect(reloaded.user.value?.id).toBe('me');
});

test.each(['pool another-client', 'another-pool client', 'client', ''])(
  'a session of another pool or client (%s) is dropped, and nobody is told that it has ended',
  async (id) => {
    await createSession(poolWith(undefined, 0, id), sessionStorage).signIn('zoë@example.com', 'secret');
    const pool = poolWith();
    const session = createSession(pool, sessionStorage);

    await session.resume();

    expect(pool.refresh).not.toHaveBeenCalled();
    expect([session.user.value, session.hasEnded.value]).toEqual([null, false]);
    expect(sessionStorage.length).toBe(0);
  },
);

test('nothing is kept beyond the tab, and no password or id token at all', async () => {
  await createSession(poolWith(), sessionStorage).signIn('zoë@example.com', 'secret');

  expect(localStorage.length).toBe(0);
  expect([sessionStorage.length, sessionStorage.getItem('orders.refresh-token')]).toEqual([1, 'pool client refresh']);
});

test('a refused refresh token ends the session, which is told apart from signing out', async () => {
  const pool = poolWith(() => Promise.reject(new Refused('NotAuthorizedException', 'revoked')));
  const session = createSession(pool, sessionStorage);
  await session.signIn('zoë@example.com', 'secret');

  await expect(session.token({ fresh: true })).rejects.toBeInstanceOf(SignedOut);

  expect(session.user.value).toBeNull();
  expect(session.hasEnded.value).toBe(true);
});

test('a network that is down doesn’t sign out', async () => {
  const session = createSession(
    poolWith(() => Promise.reject(new NoAnswer())),
    sessionStorage,
  );
  await session.signIn('zoë@example.com', 'secret');

  await expect(session.token({ fresh: true })).rejects.toBeInstanceOf(NoAnswer);

  expect(session.user.value?.id).toBe('me');
});

test.each([
  ['TooManyRequestsException', 'slow down'],
  ['ForbiddenException', 'Request not allowed due to WAF block.'],
])('a pool that is busy doesn’t sign out, nor the firewall before it: %s', async (type, message) => {
  const busy = new Refused(type, message);
  const session = createSession(
    poolWith(() => Promise.reject(busy)),
    sessionStorage,
  );
  await session.signIn('zoë@example.com', 'secret');

  await expect(session.token({ fresh: true })).rejects.toBe(busy);
  expect(session.user.value).not.toBeNull();
});

test('a refusal of an earlier session’s token doesn’t end the next session', async () => {
  const refusals: ((error: Error) => void)[] = [];
  const answers = [() => new Promise<string>((_, reject) => refusals.push(reject)), () => Promise.resolve(idToken(2))];
  const session = createSession(
    poolWith(() => answers.shift()?.() ?? Promise.reject(new NoAnswer())),
    sessionStorage,
  );
  await session.signIn('zoë@example.com', 'secret');
  const asking = session.token({ fresh: true });
  sessionStorage.setItem(String(sessionStorage.key(0)), 'pool client the next session’s');

  refusals[0]?.(new Refused('NotAuthorizedException', 'revoked'));
  await asking.catch(() => null);

  expect(session.user.value).not.toBeNull();
  expect(session.hasEnded.value).toBe(false);
});

test('a fresh token that the API refuses ends its own session, and no other', async () => {
  const session = createSession(poolWith(), sessionStorage);
  await session.signIn('zoë@example.com', 'secret');

  session.refused('an earlier one');
  expect(session.user.value).not.toBeNull();
  session.refused(await session.token());

  expect(session.user.value).toBeNull();
  expect(session.hasEnded.value).toBe(true);
});

test('signing out revokes the refresh token', async () => {
  const pool = poolWith();
  const session = createSession(pool, sessionStorage);
  await session.signIn('zoë@example.com', 'secret');

  session.signOut();

  expect(pool.revoke).toHaveBeenCalledWith('refresh');
  expect(sessionStorage.length).toBe(0);
  expect(session.hasEnded.value).toBe(false);
});
