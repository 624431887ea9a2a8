import type { Subscription } from './subscription.ts';

export interface Connection {
  /** When the server was last heard of, in epoch milliseconds. */
  heardAt(): number;
  close(): void;
}

export interface Ends {
  onLive(): void;
  /** Called once, however the connection ended, with whether the token was refused; not when it was closed from here. */
  onDrop(isRefused: boolean): void;
}

interface Message {
  readonly type: string;
  readonly payload?: {
    readonly connectionTimeoutMs?: number;
    readonly data?: unknown;
    readonly errors?: readonly { readonly errorType?: string }[];
  };
}

const HANDSHAKE_MS = 10_000;
const KEEP_ALIVE_MS = 300_000;
const ID = '1';

/** One connection with one subscription. */
export function open(subscription: Subscription, token: string, { onLive, onDrop }: Ends): Connection {
  const authorization = { host: subscription.host, Authorization: token };
  const socket = new WebSocket(subscription.url, ['graphql-ws', `header-${base64Url(JSON.stringify(authorization))}`]);
  let keepAliveMs = KEEP_ALIVE_MS;
  let isStarted = false;
  let heardAt = Date.now();

  const close = (): void => {
    clearTimeout(watchdog);
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    socket.close();
  };
  const drop = (isRefused = false): void => {
    close();
    onDrop(isRefused);
  };
  let watchdog = setTimeout(drop, HANDSHAKE_MS);
  const stayAlive = (): void => {
    clearTimeout(watchdog);
    watchdog = setTimeout(drop, keepAliveMs);
  };
  const send = (message: object): void => socket.send(JSON.stringify(message));
  const start = (): void => {
    const data = JSON.stringify({ query: subscription.query, variables: subscription.variables });
    send({ id: ID, type: 'start', payload: { data, extensions: { authorization } } });
  };
  const refuse = (message: Message): void => drop(isUnauthorized(message));
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
    connection_error: refuse,
    error: refuse,
    complete: () => drop(),
  };

  socket.onopen = () => send({ type: 'connection_init' });
  socket.onmessage = ({ data }: MessageEvent<string>) => {
    heardAt = Date.now();
    const message = JSON.parse(data) as Message;
    answers[message.type]?.(message);
  };
  socket.onclose = socket.onerror = () => drop();
  return { heardAt: () => heardAt, close };
}

/** AppSync has more than one name for it, some with a prefix. */
function isUnauthorized({ payload }: Message): boolean {
  return payload?.errors?.some(({ errorType }) => errorType?.includes('Unauthorized')) ?? false;
}

/** The alphabet that a WebSocket's sub-protocol may have. */
function base64Url(text: string): string {
  const bytes = new TextEncoder().encode(text);
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
