// What the rest of the engine knows of a register's live connections. The router that implements it lives in rooms/.
import type {
  EventName,
  SendArguments,
  SendOutcome,
  SentPayload,
  ServerSendOptions,
} from "../protocol/contract-types.ts";
import type { AnyConnection } from "./connection-link.ts";
import type { Cluster } from "./nodes.ts";
import type { BroadcastArguments, BroadcastResult, Room, Selection, Selector } from "./room.ts";
import type { WebSocketConnection } from "./websocket-connection.ts";

/**
 * All live connections of a register, and its rooms. Where a broker joins several nodes, what is sent reaches the
 * connections of all of them; what is answered at once is about this node.
 */
export interface Connections<C, S> {
  /** How many there are. */
  readonly size: number;
  /** The nodes that share the rooms. */
  readonly cluster: Cluster;
  /** The live connection with this id. */
  get(id: string): WebSocketConnection<C, S> | undefined;
  /** All live connections, in the order they came. Safe to walk while connections come and go. */
  all(): IterableIterator<WebSocketConnection<C, S>>;
  /**
   * Sends to one connection by id, like its own `send`. One that is not here may be on another node: then the event is
   * `queued` for the broker. `dropped` when there is none, and no other node.
   */
  sendTo<K extends EventName<C, "serverToClient">>(
    id: string,
    eventName: K,
    ...rest: SendArguments<SentPayload<C, "serverToClient", K>, ServerSendOptions>
  ): Promise<SendOutcome>;
  /** Sends to everyone. The envelope is encoded and framed once; when it cannot be, nobody gets it. */
  broadcast<K extends EventName<C, "serverToClient">>(
    eventName: K,
    ...rest: BroadcastArguments<SentPayload<C, "serverToClient", K>, C, S>
  ): Promise<BroadcastResult>;
  /** The room with this name, whether it has members or not. */
  room<M = unknown>(name: string): Room<C, S, M>;
  /** All rooms that have members. */
  rooms(): Room<C, S>[];
  /** Several rooms at once: a member of two of them gets one copy. */
  to(...rooms: readonly string[]): Selection<C, S>;
  /**
   * Closes all connections of a principal with 4401, on all nodes: it is not who it was any more.
   *
   * @param principalId - The `id` of what `authenticate` returned.
   * @returns How many there were on this node.
   *
   * @example
   * await sessions.end(user.id);
   * register.connections.revoke(user.id);
   */
  revoke(principalId: string): number;
  /** Everyone but these. */
  except(...selectors: readonly Selector<C, S>[]): Selection<C, S>;
}

/** A register's connections where contract and state do not matter: the engine's own view of them. */
export interface AnyConnections {
  readonly size: number;
}

/** What the engine itself does with a register's connections. */
export interface ConnectionTable {
  /** Every live connection, for the engine. */
  live(): Iterable<AnyConnection>;
  /** Says who is told of broadcasts that could not be sent: nobody may be waiting for them. */
  reportTo(report: (error: object, eventName: string) => void): void;
  /** Takes a connection in, and into the rooms it was in before. @throws {ZapError} `duplicate_id` */
  add(connection: AnyConnection): void;
  /** The connection is over: nothing is sent to it and nobody finds it. Its rooms can still be read. */
  remove(connection: AnyConnection): void;
  /** Its `disconnected` handlers have run: now it has left its rooms. */
  release(connection: AnyConnection): void;
  /**
   * Has a live connection join a room; does nothing for one that is over, or is in it already.
   *
   * @throws {ZapError} Rejects with `invalid_room_name`, `too_many_rooms`, `forbidden`, or what the hook threw.
   */
  join(connection: AnyConnection, room: string, meta: unknown): Promise<void>;
  /** Has it leave a room; does nothing when it is not in it. */
  leave(connection: AnyConnection, room: string): void;
  /** The rooms it is in, in the order it joined, and what it carries in each. */
  roomsOf(connection: AnyConnection): ReadonlyMap<string, unknown>;
}
