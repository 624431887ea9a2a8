import { afterEach, beforeEach, vi } from 'vitest';
import { subscribe } from '../src/api/realtime.ts';
import type { Liveness } from '../src/api/subscription.ts';
import { fakeSockets, type FakeSocket } from './fake_sockets.ts';

export let sockets: FakeSocket[];
export let liveness: Liveness[];
export let data: unknown[];
export let stop: () => void;

/** Let each test of a file have a subscription of its own, on fake sockets and a clock that stands. */
export function eachSubscribes(): void {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, 'random').mockReturnValue(1);
    sockets = fakeSockets();
    liveness = [];
    data = [];
  });

  afterEach(() => {
    stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
}

export async function begin(tokens = () => Promise.resolve('a-token')): Promise<void> {
  stop = subscribe({
    url: 'ws://desk.example/graphql/realtime',
    host: 'api.example',
    tokens,
    query: 'subscription S { onOrderChanged { id } }',
    variables: { userId: 'me' },
    onData: (news) => data.push(news),
    onLiveness: (now) => liveness.push(now),
  });
  await settle();
}

export const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
