import { backoffMs } from './backoff.ts';
import { open, type Connection } from './connection.ts';
import { SignedOut } from './errors.ts';
import type { Subscription } from './subscription.ts';

// The server says every minute that it is there. After two silent ones and some, a line that slept is taken for dead.
const SILENCE_MS = 130_000;
const AWAY_MS = 5_000;

/**
 * Subscribe over AppSync's WebSocket protocol (AWS AppSync Developer Guide, "Building a real-time WebSocket client"), again and
 * again until the returned function is called: after a drop with growing, jittered pauses, at once when the browser is back.
 */
export function subscribe(subscription: Subscription): () => void {
  const { tokens, onLiveness } = subscription;
  let attempt = 0;
  let isStopped = false;
  let isLive = false;
  // A token that the server refused would be refused again. After any other end it is as good as before.
  let isRefused = false;
  let connection: Connection | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let hiddenAt = Date.now();

  let turn = 0;

  const connect = async (): Promise<void> => {
    // Only the latest try may open a connection: one that still waits for its token would be a second.
    const mine = ++turn;
    clearTimeout(timer);
    timer = undefined;
    connection?.close();
    isLive = false;
    onLiveness('connecting');
    try {
      const token = await tokens({ fresh: isRefused });
      if (!isStopped && mine === turn) {
        isRefused = false;
        connection = open(subscription, token, { onLive, onDrop });
      }
    } catch (error) {
      if (mine !== turn) {
        return;
      }
      if (error instanceof SignedOut) {
        stop();
      } else {
        onDrop(isRefused);
      }
    }
  };
  const onLive = (): void => {
    attempt = 0;
    isLive = true;
    onLiveness('live');
  };
  const onDrop = (isTokenRefused: boolean): void => {
    if (!isStopped) {
      isLive = false;
      isRefused = isTokenRefused;
      onLiveness('waiting');
      timer = setTimeout(() => void connect(), backoffMs(attempt++));
    }
  };
  /** The browser was away: what seems to stand may be dead, and nobody would say so for minutes. */
  const lookAgain = (): void => {
    const isSilent = isLive && Date.now() - (connection?.heardAt() ?? 0) > SILENCE_MS;
    if (timer !== undefined || isSilent) {
      attempt = 0;
      void connect();
    } else if (isLive) {
      onLiveness('live');
    }
  };
  const onVisibility = (): void => {
    if (document.visibilityState === 'hidden') {
      hiddenAt = Date.now();
    } else if (Date.now() - hiddenAt > AWAY_MS) {
      lookAgain();
    }
  };
  const stop = (): void => {
    isStopped = true;
    clearTimeout(timer);
    removeEventListener('online', lookAgain);
    document.removeEventListener('visibilitychange', onVisibility);
    connection?.close();
  };

  addEventListener('online', lookAgain);
  document.addEventListener('visibilitychange', onVisibility);
  void connect();
  return stop;
}
