import { expect, test, vi } from 'vitest';
import { begin, eachSubscribes, liveness, settle, sockets } from './subscribing.ts';

eachSubscribes();

test('when the browser is online again it doesn’t wait for the pause to end', async () => {
  await begin();
  sockets[0]?.drop();

  dispatchEvent(new Event('online'));
  await settle();

  expect(sockets).toHaveLength(2);
});

test('a browser that is online again while a token is on its way opens one connection', async () => {
  const answers: ((token: string) => void)[] = [];
  const tokens = vi.fn(() => new Promise<string>((resolve) => answers.push(resolve)));
  await begin(tokens);
  answers[0]?.('a-token');
  await settle();
  sockets[0]?.drop();
  await vi.advanceTimersByTimeAsync(500);

  dispatchEvent(new Event('online'));
  answers.forEach((answer) => answer('a-token'));
  await settle();

  expect(sockets).toHaveLength(2);
});

test('a live connection is kept when the browser says that it is online', async () => {
  await begin();
  sockets[0]?.drop();
  await vi.advanceTimersByTimeAsync(500);
  sockets[1]?.goLive();

  dispatchEvent(new Event('online'));
  await settle();

  expect(sockets).toHaveLength(2);
  expect(sockets[1]?.isClosed).toBe(false);
});

/** The page is out of sight for a while. */
async function away(milliseconds: number, whileAway = (): void => {}): Promise<void> {
  const state = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  document.dispatchEvent(new Event('visibilitychange'));
  // Like a device that sleeps: its clock goes on, its timers don't.
  vi.setSystemTime(Date.now() + milliseconds);
  whileAway();
  state.mockReturnValue('visible');
  document.dispatchEvent(new Event('visibilitychange'));
  await settle();
}

test('a page that is seen again asks for what it may have missed', async () => {
  await begin();
  sockets[0]?.goLive();

  await away(10_000);

  expect(liveness).toEqual(['connecting', 'live', 'live']);
  expect(sockets).toHaveLength(1);
});

test('a glance at another tab asks for nothing', async () => {
  await begin();
  sockets[0]?.goLive();

  await away(1000);

  expect(liveness).toEqual(['connecting', 'live']);
});

test('a line that was silent while the device slept is replaced', async () => {
  await begin();
  sockets[0]?.goLive();

  await away(140_000);
  sockets[1]?.goLive();

  expect(sockets[0]?.isClosed).toBe(true);
  expect(liveness).toEqual(['connecting', 'live', 'connecting', 'live']);
});

test('a line that was heard of while the page was hidden is kept', async () => {
  await begin();
  sockets[0]?.goLive();

  await away(140_000, () => sockets[0]?.answer({ type: 'ka' }));

  expect(sockets).toHaveLength(1);
});

test('a browser that comes online replaces a silent line, and asks over one that isn’t', async () => {
  await begin();
  sockets[0]?.goLive();

  dispatchEvent(new Event('online'));
  vi.setSystemTime(Date.now() + 140_000);
  dispatchEvent(new Event('online'));
  await settle();

  expect(liveness).toEqual(['connecting', 'live', 'live', 'connecting']);
  expect(sockets).toHaveLength(2);
});

test('a handshake that is on its way is left alone when the page is seen again', async () => {
  await begin();

  await away(10_000);

  expect(liveness).toEqual(['connecting']);
  expect(sockets).toHaveLength(1);
});
