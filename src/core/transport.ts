// The port a connector implements: one socket, as the engine needs it. Knows no framework.
import type { SendOutcome } from "../protocol/contract-types.ts";

/** A text that goes to many sockets. The first transport that frames it leaves the frame here for the others. */
export interface SharedText {
  readonly text: string;
  /** One unmasked, uncompressed text frame (RFC 6455, section 5.2), once somebody has made it. */
  frame: Uint8Array | undefined;
}

/** What leaves: a text for this socket alone, or one shared with others. */
export type Outgoing = string | SharedText;

/** The text of something outgoing. */
export function textOf(outgoing: Outgoing): string {
  return typeof outgoing === "string" ? outgoing : outgoing.text;
}

/** Gives one text to all sockets of a server that subscribed to a topic, in one call of the runtime. */
export interface Publisher {
  publish(topic: string, text: string): void;
}

/** The topics of one socket, where the runtime has such a thing. */
export interface Topics {
  /** The same object for all sockets it reaches. */
  readonly publisher: Publisher;
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
}

/** One socket. None of its methods throws, whatever state the socket is in. */
export interface Transport {
  /** The runtime's topics: rooms use them, so that a broadcast need not call every socket. */
  readonly topics?: Topics;
  /** Hands one text to the socket. `queued` when bytes wait afterwards; `dropped` when the socket took nothing. */
  send(outgoing: Outgoing): SendOutcome;
  /** Hands several texts to the socket in one write, in order. Where absent, `send` is called for each. */
  sendAll?(outgoing: readonly Outgoing[]): SendOutcome;
  /** Bytes handed over that have not left yet. */
  bufferedAmount(): number;
  /** Calls back once, when nothing waits any more. For runtimes that do not tell the processor by themselves. */
  onceDrained?(callback: () => void): void;
  /** Starts the closing handshake. `code` may be sent and `reason` fits, both have been checked. */
  close(code: number, reason: string): void;
  /** Cuts the socket without a handshake. */
  terminate(): void;
  /** Sends a protocol ping. */
  ping?(): void;
  /** Stops reading. What has been read already may still arrive. */
  pause?(): void;
  /** Reads again. */
  resume?(): void;
  /**
   * The register's heartbeat leaves this socket alone: the runtime lets nobody touch it but the events of its own
   * connection.
   */
  readonly unwatched?: boolean;
  /**
   * The runtime may forget the program while the socket stays. A timer would prevent that: so for a connection that is
   * idle none is set. The heartbeat leaves it alone, and that its principal has expired is noticed when
   * {@link EventProcessor.checkAccess} is called.
   */
  readonly sleeps?: boolean;
  /** Called when everything that came has been handled: what the connection carries can be kept now. */
  rested?(): void;
}

/** Who asked for the connection, and how: what is known of the HTTP request that was upgraded. */
export interface Handshake {
  /** Path and query as asked for. */
  readonly url: string;
  readonly headers: { get(name: string): string | null };
  /** The address at the other end of the socket, where the runtime tells. */
  readonly address: string | undefined;
  /**
   * The framework's own request, where the connector hands it on: an `IncomingMessage`, a `Request`, a context. It is
   * there while the request is judged, for `authenticate` to read a session from, and not kept.
   */
  readonly source?: unknown;
}
