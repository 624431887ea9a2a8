import { expect, test, vi } from 'vitest';
import { begin, data, eachSubscribes, liveness, settle, sockets, stop } from './sample_subscription.ts';

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
  expect(liveness).toEqual(['connecting', 'live', 'checking', 'live']);
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

  expect(liveness).toEqual(['connecting', 'live', 'live', 'checking']);
  expect(sockets).toHaveLength(2);
});

test('a handshake that is on its way is left alone when the page is seen again', async () => {
  await begin();

  await away(10_000);

  expect(liveness).toEqual(['connecting']);
  expect(sockets).toHaveLength(1);
});

test('a line that dropped while the page was hidden is opened at once when it is seen again', async () => {
  await begin();
  sockets[0]?.goLive();

  await away(1000, () => sockets[0]?.drop());

  expect(liveness).toEqual(['connecting', 'live', 'waiting', 'connecting']);
  expect(sockets).toHaveLength(2);
});

test('a device that wakes up with the page in sight notices that its line was silent', async () => {
  await begin();
  sockets[0]?.goLive({ connectionTimeoutMs: 300_000 });

  vi.setSystemTime(Date.now() + 3_600_000);
  await vi.advanceTimersByTimeAsync(1000);

  expect(liveness).toEqual(['connecting', 'live', 'checking']);
});

test('a browser that was offline trusts no line that stood before, and opens another as soon as it is online', async () => {
  await begin();
  sockets[0]?.goLive();

  dispatchEvent(new Event('offline'));
  expect(liveness).toEqual(['connecting', 'live', 'waiting']);
  dispatchEvent(new Event('online'));
  await settle();
  expect(sockets[0]?.isClosed).toBe(true);
  sockets[1]?.goLive();

  expect(liveness).toEqual(['connecting', 'live', 'waiting', 'connecting', 'live']);
});

test('a browser that was offline during a handshake begins it anew', async () => {
  await begin();
  sockets[0]?.onopen?.();

  dispatchEvent(new Event('offline'));
  dispatchEvent(new Event('online'));
  await settle();

  expect(sockets[0]?.isClosed).toBe(true);
  expect(sockets).toHaveLength(2);
});

test('a browser that is offline still hears a server on its own device', async () => {
  await begin();
  sockets[0]?.goLive();

  dispatchEvent(new Event('offline'));
  sockets[0]?.answer({ id: '1', type: 'data', payload: { data: 'news' } });

  expect(data).toEqual(['news']);
});

test('a subscription that has ended hears of no network any more', async () => {
  await begin();
  sockets[0]?.goLive();
  stop();

  dispatchEvent(new Event('offline'));
  dispatchEvent(new Event('online'));
  await vi.advanceTimersByTimeAsync(60_000);

  expect(sockets).toHaveLength(1);
});
