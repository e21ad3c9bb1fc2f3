// What handlers know of rooms: a named group of connections, and a choice of several. The rooms live in rooms/.
import type {
  EventName,
  PayloadArguments,
  ReceivedReply,
  RequestArguments,
  RequestName,
  SendOutcome,
  SentPayload,
} from "../protocol/contract-types.ts";
import type { ZapError } from "../protocol/errors.ts";
import type { EnvelopeHeaders } from "../protocol/headers.ts";
import type { NodeOptions, NodesResult } from "./nodes.ts";
import type { WebSocketConnection } from "./websocket-connection.ts";

/** A connection itself, or a text: the id of a connection, or the name of a room and so all its members. */
export type Selector<C, S> = WebSocketConnection<C, S> | string;

/** How an event goes to many. */
export interface BroadcastOptions<C, S> {
  /** Who is left out: connections, ids, or rooms by name. */
  readonly exclude?: Selector<C, S> | readonly Selector<C, S>[];
  readonly headers?: EnvelopeHeaders;
  /** Drop it for those who are slow rather than have it wait. Default: false. */
  readonly volatile?: boolean;
  /** For those who are slow, only the newest event of a key is kept; see `connection.send`. */
  readonly coalesce?: string;
  /** Reach the connections of this node only, where a broker joins several. Default: false. */
  readonly local?: boolean;
}

/** What became of a broadcast, by number of connections of this node: other nodes do not report. */
export type BroadcastResult = Readonly<Record<SendOutcome, number>>;

/** The arguments of a broadcast after the name. */
export type BroadcastArguments<P, C, S> = PayloadArguments<P, [options?: BroadcastOptions<C, S>]>;

/** Something events can be sent to. */
export interface Target<C, S> {
  /**
   * Sends an event to all that are meant, each once. The envelope is encoded and framed once for all of them.
   *
   * @throws {ZapError} Rejects like `connection.send` when the envelope cannot be sent; nobody has got it then.
   */
  send<K extends EventName<C, "serverToClient">>(
    eventName: K,
    ...rest: BroadcastArguments<SentPayload<C, "serverToClient", K>, C, S>
  ): Promise<BroadcastResult>;
}

/** Rooms chosen together. It does not change: each step makes a new one. */
export interface Selection<C, S> extends Target<C, S> {
  /** The members of these rooms too. */
  to(...rooms: readonly string[]): Selection<C, S>;
  /** Without these connections, ids, or members of rooms. */
  except(...selectors: readonly Selector<C, S>[]): Selection<C, S>;
}

/** One member of a room, on whatever node it is. */
export interface RoomMember<M = unknown> {
  /** The connection's id. */
  readonly id: string;
  /** The node it is connected to. */
  readonly node: string;
  /** What it carries in the room; from another node as JSON holds it. */
  readonly meta: M | undefined;
}

/** The members of a room on all nodes that answered. */
export interface MemberList<M = unknown> {
  readonly members: readonly RoomMember<M>[];
  /** The nodes that did not answer in time: who is there is not known. */
  readonly silent: readonly string[];
}

/** What one member of a room answered to a request; `silent` is a node, by its id, whose members are not known. */
export type RoomAnswer<R> =
  | { readonly id: string; readonly status: "answered"; readonly reply: R }
  | { readonly id: string; readonly status: "failed"; readonly error: ZapError }
  | { readonly id: string; readonly status: "left" }
  | { readonly id: string; readonly status: "silent" };

/**
 * A named group of connections. It comes into being with its first member and is gone with its last; the object that
 * stands for it can be kept all the same. Where a broker joins several nodes, what is sent, asked, moved and closed
 * reaches the members on all of them; what is answered at once, such as `size`, is about this node.
 *
 * @typeParam M - The type of what members carry.
 */
export interface Room<C, S, M = unknown> extends Target<C, S> {
  readonly name: string;
  /** How many members there are on this node. */
  readonly size: number;
  /** The members on this node, in the order they joined. */
  members(): WebSocketConnection<C, S>[];
  /**
   * Lists the members on all nodes. Resolves when all have answered, or did not in time; then the list is of what is
   * known, and says who was silent.
   */
  listMembers(options?: NodeOptions): Promise<MemberList<M>>;
  /**
   * Has all members join other rooms. Resolves when they have: what is sent to those rooms from then on reaches them.
   * Each is asked for by `authorizeJoin`, and left where it was when it may not join.
   */
  joinAll(rooms: string | readonly string[], options?: NodeOptions): Promise<NodesResult>;
  /** Has all members leave rooms, which may be this one. Resolves when they have. */
  leaveAll(rooms: string | readonly string[], options?: NodeOptions): Promise<NodesResult>;
  /** Whether a connection is a member. */
  has(connection: WebSocketConnection<C, S>): boolean;
  /** What a member carries in this room; undefined when it carries nothing, or is no member. */
  meta(connection: WebSocketConnection<C, S>): M | undefined;
  /** Changes what a member carries. Does nothing for others. */
  setMeta(connection: WebSocketConnection<C, S>, meta: M): void;
  /**
   * Closes the connections of all members. Resolves when they have closed.
   *
   * @throws {ZapError} Rejects with `invalid_close_code`; nothing is closed then.
   */
  close(code?: number, reason?: string, options?: NodeOptions): Promise<NodesResult>;
  /**
   * Asks every member and waits until each has answered, failed, timed out or left.
   *
   * @returns One entry for each who was a member at the time of asking; none for an empty room.
   * @throws {ZapError} Rejects when the request cannot be encoded; nobody has been asked then.
   */
  request<K extends RequestName<C, "serverToClient">>(
    eventName: K,
    ...rest: RequestArguments<SentPayload<C, "serverToClient", K>>
  ): Promise<RoomAnswer<ReceivedReply<C, "serverToClient", K>>[]>;

  /** Has a connection join: `connection.join(name, meta)`. The Dart sibling's name. */
  add(connection: WebSocketConnection<C, S>, meta?: M): Promise<void>;
  /** Has a connection leave: `connection.leave(name)`. The Dart sibling's name. */
  remove(connection: WebSocketConnection<C, S>): void;
  /** The same as {@link Room.meta}. */
  getMeta(connection: WebSocketConnection<C, S>): M | undefined;
}

/** What hooks about rooms are told. */
export interface RoomChange<C, S> {
  readonly connection: WebSocketConnection<C, S>;
  /** The room's name. */
  readonly room: string;
  /** What the member carries. */
  readonly meta: unknown;
}

/** Hooks of a register about its rooms. What they throw goes to the `error` handlers. */
export interface RoomHooks<C, S> {
  /**
   * Asked before a connection joins. Anything but true refuses with `forbidden`; throw a `ZapError` to say more.
   * Default: everyone may.
   */
  readonly authorizeJoin?: (change: RoomChange<C, S>) => boolean | Promise<boolean>;
  /** Told when a connection has joined. */
  readonly onJoin?: (change: RoomChange<C, S>) => unknown;
  /** Told when a connection has left, also by disconnecting; then after its `disconnected` handlers. */
  readonly onLeave?: (change: RoomChange<C, S>) => unknown;
}
