import { vi } from 'vitest';

/** A WebSocket whose other end is the test. */
export class FakeSocket {
  static made: FakeSocket[] = [];
  readonly url: string;
  readonly protocols: string[];
  readonly sent: { type: string; id?: string; payload?: { data: string; extensions: unknown } }[] = [];
  isClosed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(url: string, protocols: string[]) {
    this.url = url;
    this.protocols = protocols;
    FakeSocket.made.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as FakeSocket['sent'][number]);
  }

  close(): void {
    this.isClosed = true;
  }

  answer(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  /** Go through the protocol until the subscription stands. */
  goLive({ connectionTimeoutMs = 60_000 } = {}): void {
    this.onopen?.();
    this.answer({ type: 'connection_ack', payload: { connectionTimeoutMs } });
    this.answer({ type: 'start_ack', id: '1' });
  }

  drop(): void {
    this.onclose?.();
  }
}

/** Let the page's sockets be fakes; the newest is the last of those returned. */
export function fakeSockets(): FakeSocket[] {
  FakeSocket.made = [];
  vi.stubGlobal('WebSocket', FakeSocket);
  return FakeSocket.made;
}
