import { expect, test, vi } from 'vitest';
import { NoAnswer, SignedOut } from '../src/api/errors.ts';
import { begin, data, eachSubscribes, liveness, sockets, stop } from './sample_subscription.ts';

eachSubscribes();

const UNAUTHORIZED = { payload: { errors: [{ errorType: 'UnauthorizedException', errorCode: 401 }] } };

test('the credentials are in the sub-protocol, in an alphabet that it allows', async () => {
  await begin(() => Promise.resolve('t?>~'));

  const [protocol, header] = sockets[0]?.protocols ?? [];
  expect(protocol).toBe('graphql-ws');
  expect(header).toMatch(/^header-[\w-]+$/);
  const encoded = header?.slice('header-'.length).replaceAll('-', '+').replaceAll('_', '/') ?? '';
  expect(JSON.parse(atob(encoded))).toEqual({ host: 'api.example', Authorization: 't?>~' });
});

test('it subscribes only once the connection is acknowledged, and is live only once it is subscribed', async () => {
  await begin();
  sockets[0]?.onopen?.();

  expect(sockets[0]?.sent).toEqual([{ type: 'connection_init' }]);
  sockets[0]?.answer({ type: 'connection_ack' });
  expect(sockets[0]?.sent[1]).toMatchObject({
    type: 'start',
    payload: {
      data: '{"query":"subscription S { onOrderChanged { id } }","variables":{"userId":"me"}}',
      extensions: { authorization: { host: 'api.example', Authorization: 'a-token' } },
    },
  });
  expect(liveness).toEqual(['connecting']);
  sockets[0]?.answer({ type: 'start_ack', id: '1' });
  expect(liveness).toEqual(['connecting', 'live']);
});

test('news reach the page', async () => {
  await begin();
  sockets[0]?.goLive();

  sockets[0]?.answer({ id: '1', type: 'data', payload: { data: { onOrderChanged: { id: 'a' } } } });

  expect(data).toEqual([{ onOrderChanged: { id: 'a' } }]);
});

test('a dropped connection comes back by itself and is live again', async () => {
  await begin();
  sockets[0]?.goLive();

  sockets[0]?.drop();
  await vi.advanceTimersByTimeAsync(500);
  sockets[1]?.goLive();

  expect(liveness).toEqual(['connecting', 'live', 'waiting', 'connecting', 'live']);
});

test('the pauses between attempts grow, up to half a minute', async () => {
  await begin();
  const pauses: number[] = [];

  for (let attempt = 0; attempt < 8; attempt++) {
    const before = Date.now();
    sockets.at(-1)?.drop();
    await vi.advanceTimersToNextTimerAsync();
    pauses.push(Date.now() - before);
  }

  expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
});

test('a server that says nothing for longer than it promised is left', async () => {
  await begin();
  sockets[0]?.goLive();

  await vi.advanceTimersByTimeAsync(59_000);
  sockets[0]?.answer({ type: 'ka' });
  await vi.advanceTimersByTimeAsync(59_000);
  expect(sockets).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2000);

  expect(sockets[0]?.isClosed).toBe(true);
  expect(sockets).toHaveLength(2);
});

test('a server that is silent for 75 seconds is asked over another line, however long it wants to be waited for', async () => {
  await begin();
  sockets[0]?.goLive({ connectionTimeoutMs: 300_000 });

  await vi.advanceTimersByTimeAsync(74_000);
  expect(liveness).toEqual(['connecting', 'live']);
  await vi.advanceTimersByTimeAsync(1000);
  expect(liveness).toEqual(['connecting', 'live', 'checking']);
  expect(sockets[0]?.isClosed).toBe(true);
  sockets[1]?.goLive();

  expect(liveness).toEqual(['connecting', 'live', 'checking', 'live']);
});

test('a server that says every minute that it is there stays live', async () => {
  await begin();
  sockets[0]?.goLive({ connectionTimeoutMs: 300_000 });

  for (let minute = 0; minute < 10; minute++) {
    await vi.advanceTimersByTimeAsync(60_000);
    sockets[0]?.answer({ type: 'ka' });
  }

  expect(liveness).toEqual(['connecting', 'live']);
});

test('a clock that is set back hides no silence', async () => {
  await begin();
  sockets[0]?.goLive({ connectionTimeoutMs: 300_000 });

  vi.setSystemTime(Date.now() - 3_600_000);
  await vi.advanceTimersByTimeAsync(77_000);

  expect(liveness).toEqual(['connecting', 'live', 'checking']);
});

test('a token that expires while the subscription stands is followed by a fresh one', async () => {
  const tokens = vi.fn(() => Promise.resolve('a-token'));
  await begin(tokens);
  sockets[0]?.goLive();

  sockets[0]?.answer({ type: 'error', id: '1', ...UNAUTHORIZED });
  await vi.advanceTimersByTimeAsync(500);
  sockets[1]?.goLive();

  expect(tokens.mock.calls).toEqual([[{ fresh: false }], [{ fresh: true }]]);
  expect(liveness).toEqual(['connecting', 'live', 'waiting', 'connecting', 'live']);
});

test('a server that only says that it is there is given up as a handshake that hangs', async () => {
  await begin();
  sockets[0]?.onopen?.();
  sockets[0]?.answer({ type: 'connection_ack' });
  sockets[0]?.answer({ type: 'ka' });

  await vi.advanceTimersByTimeAsync(10_500);

  expect(sockets).toHaveLength(2);
});

test('a handshake that hangs is given up', async () => {
  await begin();
  sockets[0]?.onopen?.();

  await vi.advanceTimersByTimeAsync(10_500);

  expect(sockets).toHaveLength(2);
});

test.each(['connection_error', 'error'])(
  'a token that the server refuses (%s) is followed by a fresh one, once',
  async (type) => {
    const tokens = vi.fn(() => Promise.resolve('a-token'));
    await begin(tokens);

    sockets[0]?.answer({ type, ...UNAUTHORIZED });
    await vi.advanceTimersByTimeAsync(500);
    sockets[1]?.drop();
    await vi.advanceTimersByTimeAsync(1000);

    expect(tokens.mock.calls).toEqual([[{ fresh: false }], [{ fresh: true }], [{ fresh: false }]]);
  },
);

test('a fresh token that couldn’t be had is asked for again', async () => {
  const tokens = vi.fn(() => Promise.resolve('a-token'));
  await begin(tokens);
  tokens.mockRejectedValueOnce(new NoAnswer('too many requests'));

  sockets[0]?.answer({ type: 'connection_error', ...UNAUTHORIZED });
  await vi.advanceTimersByTimeAsync(1500);

  expect(tokens.mock.calls).toEqual([[{ fresh: false }], [{ fresh: true }], [{ fresh: true }]]);
});

test('an outage costs no tokens: drops and other errors don’t ask for fresh ones', async () => {
  const tokens = vi.fn(() => Promise.resolve('a-token'));
  await begin(tokens);

  for (let attempt = 0; attempt < 4; attempt++) {
    sockets.at(-1)?.drop();
    await vi.advanceTimersToNextTimerAsync();
    sockets.at(-1)?.answer({ type: 'error', payload: { errors: [{ errorType: 'LimitExceededError' }] } });
    await vi.advanceTimersToNextTimerAsync();
  }

  expect(tokens.mock.calls).toEqual(Array.from({ length: 9 }, () => [{ fresh: false }]));
});

test('it ends with the session', async () => {
  await begin(() => Promise.reject(new SignedOut('over')));

  await vi.advanceTimersByTimeAsync(120_000);

  expect(sockets).toHaveLength(0);
});

test('a closed subscription stays closed', async () => {
  await begin();
  sockets[0]?.goLive();

  stop();
  await vi.advanceTimersByTimeAsync(120_000);

  expect(sockets).toHaveLength(1);
  expect(sockets[0]?.isClosed).toBe(true);
});
