import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Cognito } from '../src/account/cognito.ts';
import { createSession, type Session } from '../src/account/session.ts';
import { otherTabs, type Tabs, type Told } from '../src/account/tabs.ts';
import type { Tokens } from '../src/account/tokens.ts';
import { NoAnswer, Refused } from '../src/api/errors.ts';

const HOUR_MS = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Tabs that hear each other at once, and take turns; while they are asleep they hear nothing. */
function browser(isAsleep = () => false): () => Tabs {
  const listeners: { tab: number; listener: (told: Told) => void }[] = [];
  let tabs = 0;
  let turn: Promise<unknown> = Promise.resolve();
  return () => {
    const tab = tabs++;
    const tell = (told: Told): void => {
      if (isAsleep()) return;
      listeners.filter((one) => one.tab !== tab).forEach((one) => one.listener(structuredClone(told)));
    };
    return {
      hear: (listener) => listeners.push({ tab, listener }),
      tell,
      ask: (newerThan) => {
        tell({ type: 'asks', newerThan });
        return Promise.resolve();
      },
      alone: (work) => {
        const mine = turn.then(work);
        turn = mine.catch(() => null);
        return mine;
      },
    };
  };
}

/** A storage of one tab's own. */
function storageOfATab(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  } as unknown as Storage;
}

let tokens = 0;

/** Tokens that nobody else has. */
function tokensOf(sub: string, refreshToken = `refresh ${++tokens}`): Tokens {
  const iat = Date.now() / 1000;
  const claims = { sub, email: `${sub}@example.com`, iat, exp: iat + 3600, number: ++tokens };
  return { idToken: `head.${btoa(JSON.stringify(claims))}.signature`, refreshToken };
}

/** A pool that gives tokens to whoever asks. */
function poolOf(sub = 'me') {
  return {
    id: 'pool client',
    signIn: vi.fn(() => Promise.resolve(tokensOf(sub))),
    refresh: vi.fn((refreshToken: string) => Promise.resolve(tokensOf(sub, refreshToken))),
    revoke: vi.fn(() => Promise.resolve()),
  } as unknown as Cognito & Record<'signIn' | 'refresh' | 'revoke', ReturnType<typeof vi.fn>>;
}

/** A signed-in tab and a new one of the same browser. */
async function twoTabs(
  isAsleep = () => false,
): Promise<{ pool: ReturnType<typeof poolOf>; open: () => Tabs; first: Session; second: Session }> {
  const [pool, open] = [poolOf(), browser(isAsleep)];
  const first = createSession(pool, storageOfATab(), open());
  await first.signIn('me@example.com', 'secret');
  const second = createSession(pool, storageOfATab(), open());
  await second.resume();
  return { pool, open, first, second };
}

test('a new tab takes the session from one that is open, and asks the pool for nothing', async () => {
  const { pool, first, second } = await twoTabs();

  expect(second.user.value).toEqual({ id: 'me', email: 'me@example.com' });
  expect(await second.token()).toBe(await first.token());
  expect(pool.refresh).not.toHaveBeenCalled();
  expect(localStorage.length).toBe(0);
});

test('a tab that took the session goes on with it after a reload', async () => {
  const { pool, open } = await twoTabs();
  const storage = storageOfATab();
  await createSession(pool, storage, open()).resume();
  const reloaded = createSession(pool, storage, browser()());

  await reloaded.resume();

  expect(reloaded.user.value?.id).toBe('me');
});

test('signing out in one tab signs out the others, and revokes once', async () => {
  const { pool, first, second } = await twoTabs();

  second.signOut();

  expect([first.user.value, second.user.value]).toEqual([null, null]);
  expect([first.hasSignedOut.value, first.hasEnded.value]).toEqual([true, false]);
  expect(pool.revoke).toHaveBeenCalledTimes(1);
  await expect(first.token()).rejects.toThrow('nobody is signed in');
});

test('a tab with a refresh token of its own revokes that one too', async () => {
  const { pool, open, first } = await twoTabs();
  const storage = storageOfATab();
  storage.setItem('orders.refresh-token', 'pool client another');
  const third = createSession(pool, storage, open());
  await third.resume();

  first.signOut();

  expect(third.user.value).toBeNull();
  expect(pool.revoke).toHaveBeenCalledTimes(2);
  expect(pool.revoke).toHaveBeenCalledWith('another');
});

test('signing in later in one tab signs in the others, whoever it is', async () => {
  const { open, first, second } = await twoTabs();
  first.signOut();
  const neighbour = createSession(poolOf('neighbour'), storageOfATab(), open());

  await neighbour.signIn('neighbour@example.com', 'secret');

  expect([first.user.value?.id, second.user.value?.id]).toEqual(['neighbour', 'neighbour']);
  expect(first.hasSignedOut.value).toBe(false);
});

test('a tab where somebody is signed in stays theirs when somebody else signs in or out elsewhere', async () => {
  const { open, first } = await twoTabs();
  const neighbour = createSession(poolOf('neighbour'), storageOfATab(), open());
  vi.advanceTimersByTime(60_000);

  await neighbour.signIn('neighbour@example.com', 'secret');
  expect(first.user.value?.id).toBe('me');
  neighbour.signOut();

  expect(first.user.value?.id).toBe('me');
});

test('tabs whose token ends at the same time refresh once', async () => {
  const { pool, first, second } = await twoTabs();
  vi.advanceTimersByTime(HOUR_MS);

  const [one, other] = await Promise.all([first.token(), second.token()]);

  expect(one).toBe(other);
  expect(pool.refresh).toHaveBeenCalledTimes(1);
});

test('a refreshed token is every tab’s, and a rotated refresh token too', async () => {
  const { pool, open, first, second } = await twoTabs();
  pool.refresh.mockResolvedValueOnce(tokensOf('me', 'rotated'));
  vi.advanceTimersByTime(HOUR_MS);
  await first.token();

  await second.token();
  await createSession(pool, storageOfATab(), open()).resume();
  await second.token({ fresh: true });

  expect(pool.refresh).toHaveBeenCalledTimes(2);
  expect(pool.refresh).toHaveBeenLastCalledWith('rotated');
});

test.each([
  ['a tab that slept takes the token that another one has by now', 1.5, 1],
  ['another tab’s token that has ended too is no help: the pool is asked', 2.5, 2],
])('%s', async (_, hours, refreshes) => {
  let isAsleep = false;
  const { pool, first, second } = await twoTabs(() => isAsleep);
  isAsleep = true;
  vi.advanceTimersByTime(HOUR_MS);
  await second.token();
  isAsleep = false;
  vi.advanceTimersByTime((hours - 1) * HOUR_MS);

  const token = await first.token();

  expect(pool.refresh).toHaveBeenCalledTimes(refreshes);
  expect(await second.token()).toBe(token);
});

test('a tab that hasn’t heard of the end yet brings nobody back', async () => {
  const open = browser();
  const [mine, late] = [open(), open()];
  const session = createSession(poolOf(), storageOfATab(), mine);
  const heard: Told[] = [];
  late.hear((told) => heard.push(told));
  await session.signIn('me@example.com', 'secret');
  session.signOut();

  heard.filter(({ type }) => type === 'has').forEach((told) => late.tell(told));

  expect(heard.map(({ type }) => type)).toEqual(['has', 'signed-out']);
  expect(session.user.value).toBeNull();
});

test('a tab whose session was refused after it was asleep takes the one that is open', async () => {
  const { pool, open } = await twoTabs();
  const storage = storageOfATab();
  storage.setItem('orders.refresh-token', 'pool client of yesterday');
  pool.refresh.mockRejectedValueOnce(new Refused('NotAuthorizedException', 'revoked'));
  const woken = createSession(pool, storage, open());

  await woken.resume();

  expect(woken.user.value?.id).toBe('me');
  expect(woken.hasEnded.value).toBe(false);
});

test('a pool without an answer leaves all tabs signed in', async () => {
  const { pool, first, second } = await twoTabs();
  pool.refresh.mockRejectedValue(new NoAnswer());

  await expect(first.token({ fresh: true })).rejects.toBeInstanceOf(NoAnswer);

  expect([first.user.value?.id, second.user.value?.id]).toEqual(['me', 'me']);
});

test('a tab that asks waits for the first answer, and not for long', async () => {
  const [asking, answering] = [otherTabs('client'), otherTabs('client')];
  answering.hear(() => answering.tell({ type: 'has', tokens: { idToken: 'i', refreshToken: 'r', expiresAt: 1 } }));
  const heard = new Promise<Told>((resolve) => asking.hear(resolve));
  const alone = otherTabs('another pool’s client').ask(0);

  await asking.ask(0);
  await vi.advanceTimersByTimeAsync(500);

  expect(await heard).toMatchObject({ type: 'has' });
  await expect(alone).resolves.toBeUndefined();
});

test('a turn that another tab never ends is not waited for for ever', async () => {
  vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort('too long'));
  const request = vi.fn((_: string, { signal }: { signal: AbortSignal }) => Promise.reject(signal.reason as Error));
  vi.stubGlobal('navigator', { locks: { request } });

  await expect(otherTabs('client').alone(() => Promise.resolve('done'))).resolves.toBe('done');
});

test('work that fails in its turn isn’t done twice', async () => {
  const request = (_: string, __: object, work: () => unknown) => Promise.resolve(work());
  vi.stubGlobal('navigator', { locks: { request } });
  const failing = vi.fn(() => Promise.reject(new NoAnswer()));

  await expect(otherTabs('client').alone(failing)).rejects.toBeInstanceOf(NoAnswer);

  expect(failing).toHaveBeenCalledTimes(1);
});
