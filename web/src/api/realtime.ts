import { backoffMs } from './backoff.ts';
import { open, type Connection } from './connection.ts';
import { SignedOut } from './errors.ts';
import { noteFailure } from './network.ts';
import type { Liveness, Subscription } from './subscription.ts';

const AWAY_MS = 5_000;

/**
 * Subscribe over AppSync's WebSocket protocol (AWS AppSync Developer Guide, "Building a real-time WebSocket client"), again and
 * again until the returned function is called: after a drop with growing, jittered pauses, at once when the browser is back
 * or the server has gone silent.
 */
export function subscribe(subscription: Subscription): () => void {
  const { tokens, onLiveness } = subscription;
  let attempt = 0;
  let isStopped = false;
  let isLive = false;
  // A token that the server refused would be refused again. After any other end it is as good as before.
  let isRefused = false;
  // The network was away: what stood before is not believed afterwards. A server on this device may still be heard.
  let isDoubtful = false;
  let connection: Connection | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let hiddenAt = Date.now();

  let turn = 0;

  const connect = async (standing: Liveness = 'connecting'): Promise<void> => {
    // Only the latest try may open a connection: one that still waits for its token would be a second.
    const mine = ++turn;
    clearTimeout(timer);
    timer = undefined;
    connection?.close();
    isLive = false;
    isDoubtful = false;
    onLiveness(standing);
    try {
      const token = await tokens({ fresh: isRefused });
      if (!isStopped && mine === turn) {
        isRefused = false;
        connection = open(subscription, token, { onLive, onSilent: check, onDrop });
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
      noteFailure();
      isLive = false;
      isRefused = isTokenRefused;
      onLiveness('waiting');
      timer = setTimeout(() => void connect(), backoffMs(attempt++));
    }
  };
  /** What seems to stand may be dead, and nobody would say so for minutes: only another connection tells. */
  const check = (): void => {
    attempt = 0;
    void connect('checking');
  };
  /** The browser was away. */
  const lookAgain = (): void => {
    if (timer !== undefined || isDoubtful) {
      attempt = 0;
      void connect();
    } else if (isLive && connection?.isSilent()) {
      check();
    } else if (isLive) {
      onLiveness('live');
    }
  };
  const onVisibility = (): void => {
    if (document.visibilityState === 'hidden') {
      hiddenAt = Date.now();
    } else if (timer !== undefined || Date.now() - hiddenAt > AWAY_MS) {
      lookAgain();
    }
  };
  const onOffline = (): void => {
    isDoubtful = true;
    onLiveness('waiting');
  };
  const stop = (): void => {
    isStopped = true;
    clearTimeout(timer);
    removeEventListener('online', lookAgain);
    removeEventListener('offline', onOffline);
    document.removeEventListener('visibilitychange', onVisibility);
    connection?.close();
  };

  addEventListener('online', lookAgain);
  addEventListener('offline', onOffline);
  document.addEventListener('visibilitychange', onVisibility);
  void connect();
  return stop;
}
