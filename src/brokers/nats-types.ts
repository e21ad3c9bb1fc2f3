// The parts of the package `@nats-io/transport-node` (3.x) that are used. Connects to nothing.

/** A subscription that calls back. */
export interface NatsSubscription {
  unsubscribe(): void;
}

/** What came on a subject. */
export interface NatsMsg {
  readonly subject: string;
  string(): string;
}

/** A connection, which makes itself again when it is lost. */
export interface NatsConnection {
  publish(subject: string, text: string): void;
  subscribe(
    subject: string,
    options: { readonly callback: (error: Error | null, message: NatsMsg) => void },
  ): NatsSubscription;
  /** Resolves when the server has everything that was sent before. */
  flush(): Promise<unknown>;
  /** What happens to it: `disconnect`, `reconnect` and others. */
  status(): AsyncIterable<{ readonly type: string }>;
  /** Drops the link of now and makes another. */
  reconnect(): Promise<void>;
  isClosed(): boolean;
  /** Resolves when it has ended for good, with why. */
  closed(): Promise<unknown>;
  close(): Promise<void>;
}
