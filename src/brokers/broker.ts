// The port of a broker: what somebody must do to carry texts between nodes. Knows no rooms, connections or envelopes.

/**
 * Carries texts between the nodes of a cluster. Whoever wants another broker than those that come along implements
 * this, and makes it a register's `broker` with `createBroker`. An implementer keeps these promises:
 *
 * - **Nothing waits.** Without a connection `publish` rejects at once. It never keeps a text for a later connection,
 *   and never sends one twice.
 * - **Order.** What one node publishes is received in that order by everyone who receives it.
 * - **Subscriptions are remembered.** What was subscribed to is in force on every connection, before `up` is called.
 * - **It comes back.** A connection that is lost is made again, without end, soon: no pause is longer than 2 seconds.
 * - **It knows that it is there.** A link can be dead without an error: prove it alive, see `probe.ts`.
 * - **Own texts come back, too,** or not: the bridge tells them by their content.
 * - **Nothing is thrown** but what the promises reject with, and a channel is a name, never a pattern.
 */
export interface Carrier {
  /**
   * Begins to connect; called once, before anything else.
   *
   * @param node - The id of this node, of letters, digits, `-` and `_`.
   */
  start(node: string, listener: CarrierListener): void;
  /**
   * Hands over a text.
   *
   * @param channel - Letters, digits, `.`, `-`, `_` and `=`; at most 2,700 characters.
   * @returns Resolves when the broker has taken it. Rejects when it has not, or nobody can say.
   */
  publish(channel: string, text: string): Promise<void>;
  /** Resolves when texts on these channels arrive; rejects when that has to wait for a connection. Has been remembered. */
  subscribe(channels: readonly string[]): Promise<void>;
  /** Undoes that. Calls take effect in the order they were made. */
  unsubscribe(channels: readonly string[]): Promise<void>;
  /** Lets go of everything, so that the process can exit. Nothing else is called afterwards. */
  stop(): Promise<void>;
}

/** What a carrier tells. */
export interface CarrierListener {
  /** A text has come. Never throws. */
  receive(channel: string, text: string): void;
  /** There is a connection, and what is remembered is in force on it. */
  up(): void;
  /** There is none: it was lost, or could not be made. May be told again with every attempt. */
  down(error: unknown): void;
  /** The process of another node has ended, by its id; where the carrier can know. */
  gone(node: string): void;
}

/** What all brokers can be told. */
export interface BrokerOptions {
  /**
   * Sets the nodes of one application apart from those of others on the same broker: letters, digits, `-`, `_`.
   * Each register of a process needs another one. Default: `"zap"`.
   */
  readonly name?: string;
  /** A key that all nodes share; records without its signature are dropped. Default: none, the broker is trusted. */
  readonly secret?: string;
  /** How operators know this node: letters, digits, `-`, `_`. Its id is this and 12 random digits. Default: `"node"`. */
  readonly node?: string;
}
