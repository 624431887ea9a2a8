import type { Tokens } from './client.ts';

/**
 * How it stands with a subscription: `live` only once the server has said that it is subscribed, `checking` when it was and
 * hasn't been heard of for too long.
 */
export type Liveness = 'connecting' | 'live' | 'checking' | 'waiting';

export interface Subscription {
  readonly url: string;
  /** The host of the API itself, which AppSync asks for in what authorizes. */
  readonly host: string;
  readonly tokens: Tokens;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  onData(data: unknown): void;
  /** Called at each change; `live` comes again whenever news may have been missed, after a drop or unnoticed. */
  onLiveness(liveness: Liveness): void;
}
