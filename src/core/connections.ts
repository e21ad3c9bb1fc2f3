// What the rest of the engine knows of a register's live connections. The router that implements it lives in rooms/.
import type { EventName, SendArguments, SendOutcome, SentPayload } from "../protocol/contract-types.ts";
import type { EnvelopeHeaders } from "../protocol/headers.ts";
import type { AnyConnection, WebSocketConnection } from "./websocket-connection.ts";

/** One or several connections, themselves or by id. */
export type ConnectionSelector<C, S> =
  | WebSocketConnection<C, S>
  | string
  | readonly (WebSocketConnection<C, S> | string)[];

/** How an event goes to many. */
export interface BroadcastOptions<C, S> {
  /** Who is left out. */
  readonly exclude?: ConnectionSelector<C, S>;
  readonly headers?: EnvelopeHeaders;
  /** Drop it for those who are slow rather than have it wait. Default: false. */
  readonly volatile?: boolean;
}

/** What became of a broadcast, by number of connections. */
export type BroadcastResult = Readonly<Record<SendOutcome, number>>;

/** The arguments of a broadcast after the name. */
export type BroadcastArguments<P, C, S> = undefined extends P
  ? [payload?: P, options?: BroadcastOptions<C, S>]
  : [payload: P, options?: BroadcastOptions<C, S>];

/** All live connections of a register. */
export interface Connections<C, S> {
  /** How many there are. */
  readonly size: number;
  /** The live connection with this id. */
  get(id: string): WebSocketConnection<C, S> | undefined;
  /** All live connections, in the order they came. Safe to walk while connections come and go. */
  all(): IterableIterator<WebSocketConnection<C, S>>;
  /** Sends to one connection by id; `dropped` when there is none. Otherwise like its own `send`. */
  sendTo<K extends EventName<C, "serverToClient">>(
    id: string,
    eventName: K,
    ...rest: SendArguments<SentPayload<C, "serverToClient", K>>
  ): Promise<SendOutcome>;
  /** Sends to everyone. The envelope is encoded and framed once; when it cannot be, nobody gets it. */
  broadcast<K extends EventName<C, "serverToClient">>(
    eventName: K,
    ...rest: BroadcastArguments<SentPayload<C, "serverToClient", K>, C, S>
  ): Promise<BroadcastResult>;
}

/** A register's connections where contract and state do not matter: the engine's own view of them. */
export interface AnyConnections {
  readonly size: number;
}

/** What the engine itself does with a register's connections. */
export interface ConnectionTable {
  /** Takes a connection in. @throws {ZapError} `duplicate_id` */
  add(connection: AnyConnection): void;
  /** Lets it go; it is found no more. */
  remove(connection: AnyConnection): void;
}
