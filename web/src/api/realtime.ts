import { backoffMs } from './backoff.ts';
import { SignedOut } from './errors.ts';
import type { Tokens } from './client.ts';

/** How it stands with a subscription: `live` only once the server has said that it is subscribed. */
export type Liveness = 'connecting' | 'live' | 'waiting';

export interface Subscription {
  readonly url: string;
  /** The host of the API itself, which AppSync asks for in what authorizes. */
  readonly host: string;
  readonly tokens: Tokens;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  onData(data: unknown): void;
  /** Called at each change; `live` comes again after each drop, when news may have been missed. */
  onLiveness(liveness: Liveness): void;
}

interface Message {
  readonly type: string;
  readonly payload?: {
    readonly connectionTimeoutMs?: number;
    readonly data?: unknown;
  };
}

const HANDSHAKE_MS = 10_000;
const KEEP_ALIVE_MS = 300_000;
const ID = '1';

/**
 * Subscribe over AppSync's WebSocket protocol (AWS AppSync Developer Guide, "Building a real-time WebSocket client"), again and
 * again until the returned function is called: after a drop with growing, jittered pauses, at once when the browser is online again.
 */
export function subscribe(subscription: Subscription): () => void {
  const { tokens, onLiveness } = subscription;
  let attempt = 0;
  let isStopped = false;
  let close = (): void => {};
  let timer: ReturnType<typeof setTimeout> | undefined;

  let turn = 0;

  const connect = async (): Promise<void> => {
    // Only the latest try may open a connection: one that still waits for its token would be a second.
    const mine = ++turn;
    clearTimeout(timer);
    timer = undefined;
    close();
    close = (): void => {};
    onLiveness('connecting');
    try {
      // A token that the server refused would be refused again.
      const token = await tokens({ fresh: attempt > 1 });
      if (!isStopped && mine === turn) {
        close = open(subscription, token, { onLive, onDrop });
      }
    } catch (error) {
      if (mine !== turn) {
        return;
      }
      if (error instanceof SignedOut) {
        stop();
      } else {
        onDrop();
      }
    }
  };
  const onLive = (): void => {
    attempt = 0;
    onLiveness('live');
  };
  const onDrop = (): void => {
    if (!isStopped) {
      onLiveness('waiting');
      timer = setTimeout(() => void connect(), backoffMs(attempt++));
    }
  };
  const onOnline = (): void => {
    if (timer !== undefined) {
      attempt = 0;
      void connect();
    }
  };
  const stop = (): void => {
    isStopped = true;
    clearTimeout(timer);
    removeEventListener('online', onOnline);
    close();
  };

  addEventListener('online', onOnline);
  void connect();
  return stop;
}

interface Ends {
  onLive(): void;
  /** Called once, however the connection ended; not when it was closed from here. */
  onDrop(): void;
}

/** One connection with one subscription; returns what closes it. */
function open(subscription: Subscription, token: string, { onLive, onDrop }: Ends): () => void {
  const authorization = { host: subscription.host, Authorization: token };
  const socket = new WebSocket(subscription.url, ['graphql-ws', `header-${base64Url(JSON.stringify(authorization))}`]);
  let keepAliveMs = KEEP_ALIVE_MS;
  let isStarted = false;
  let watchdog = setTimeout(() => end(onDrop), HANDSHAKE_MS);

  const end = (then: () => void): void => {
    clearTimeout(watchdog);
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    socket.close();
    then();
  };
  const stayAlive = (): void => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => end(onDrop), keepAliveMs);
  };
  const send = (message: object): void => socket.send(JSON.stringify(message));
  const start = (): void => {
    const data = JSON.stringify({ query: subscription.query, variables: subscription.variables });
    send({ id: ID, type: 'start', payload: { data, extensions: { authorization } } });
  };
  const answers: Readonly<Record<string, (message: Message) => void>> = {
    connection_ack: ({ payload }) => {
      keepAliveMs = payload?.connectionTimeoutMs ?? KEEP_ALIVE_MS;
      start();
    },
    start_ack: () => {
      isStarted = true;
      stayAlive();
      onLive();
    },
    // Until the subscription has started the handshake's time counts, whatever else the server says.
    ka: () => {
      if (isStarted) stayAlive();
    },
    data: ({ payload }) => {
      stayAlive();
      subscription.onData(payload?.data);
    },
    connection_error: () => end(onDrop),
    error: () => end(onDrop),
    complete: () => end(onDrop),
  };

  socket.onopen = () => send({ type: 'connection_init' });
  socket.onmessage = ({ data }: MessageEvent<string>) => {
    const message = JSON.parse(data) as Message;
    answers[message.type]?.(message);
  };
  socket.onclose = socket.onerror = () => end(onDrop);
  return () => end(() => {});
}

/** The alphabet that a WebSocket's sub-protocol may have. */
function base64Url(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
