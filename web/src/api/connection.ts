import type { Subscription } from './subscription.ts';

export interface Connection {
  /** Whether the server has said nothing for so long that the line may be dead. */
  isSilent(): boolean;
  close(): void;
}

export interface Ends {
  onLive(): void;
  /** Called once the subscription stands and nothing has been heard for too long; the connection stays as it is. */
  onSilent(): void;
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
// The server says every minute that it is there, and the time that it asks clients to wait for that is five minutes.
const SILENCE_MS = 75_000;
const LOOK_MS = 1000;
const ID = '1';

/** One connection with one subscription. */
export function open(subscription: Subscription, token: string, { onLive, onSilent, onDrop }: Ends): Connection {
  const authorization = { host: subscription.host, Authorization: token };
  const socket = new WebSocket(subscription.url, ['graphql-ws', `header-${base64Url(JSON.stringify(authorization))}`]);
  let silenceMs = SILENCE_MS;
  let heardAt = Date.now();
  let looking: ReturnType<typeof setInterval> | undefined;

  const close = (): void => {
    clearTimeout(handshake);
    clearInterval(looking);
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    socket.close();
  };
  const drop = (isRefused = false): void => {
    close();
    onDrop(isRefused);
  };
  const handshake = setTimeout(drop, HANDSHAKE_MS);
  // Timers stand still while a device sleeps and its clock doesn't, which in turn may be set back.
  const isSilent = (): boolean => {
    heardAt = Math.min(heardAt, Date.now());
    return Date.now() - heardAt >= silenceMs;
  };
  const send = (message: object): void => socket.send(JSON.stringify(message));
  const start = (): void => {
    const data = JSON.stringify({ query: subscription.query, variables: subscription.variables });
    send({ id: ID, type: 'start', payload: { data, extensions: { authorization } } });
  };
  const refuse = (message: Message): void => drop(isUnauthorized(message));
  const answers: Readonly<Record<string, (message: Message) => void>> = {
    connection_ack: ({ payload }) => {
      silenceMs = Math.min(SILENCE_MS, payload?.connectionTimeoutMs ?? SILENCE_MS);
      start();
    },
    start_ack: () => {
      clearTimeout(handshake);
      looking = setInterval(() => isSilent() && onSilent(), LOOK_MS);
      onLive();
    },
    data: ({ payload }) => subscription.onData(payload?.data),
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
  return { isSilent, close };
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
