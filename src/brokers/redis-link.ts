// One connection to Redis, as the carrier needs it, whichever library makes it. Opened once, and never again.

/** What happens on a link. */
export interface LinkEvents {
  /** Something was published on a channel that is subscribed to. */
  message(channel: string, text: string): void;
  /** The link is over, or cannot be trusted any more. */
  closed(error: unknown): void;
}

/** One connection, or, towards a Redis Cluster, those of one client. It does not come back by itself. */
export interface RedisLink {
  /** Resolves when commands can be sent. */
  open(events: LinkEvents): Promise<unknown>;
  /** Resolves when Redis has it. Rejects when that is not known; it is not sent again. */
  publish(channel: string, text: string): Promise<unknown>;
  /** Resolves when it is in force. All channels are of one slot, where there are slots. */
  subscribe(channels: readonly string[]): Promise<unknown>;
  unsubscribe(channels: readonly string[]): Promise<unknown>;
  /** Cuts it, at once. Never throws. */
  close(): void;
}

/** Makes links to one Redis. */
export interface RedisLibrary {
  /** Whether it is a Redis Cluster, where channels are sharded. */
  readonly isCluster: boolean;
  link(): RedisLink;
}

/** Milliseconds that opening a link may take, and an answer on one. */
export const LINK_TIMEOUT_MS = 2_000;

/** A client of `redis` or `ioredis`: a connection of its own is made like it. */
export interface RedisClient {
  duplicate(...options: never[]): unknown;
}
