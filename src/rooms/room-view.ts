// One room by name, as users see it. Holds no members itself: they are its router's.

import type { NodeOptions, NodesResult } from "../core/nodes.ts";
import type { BroadcastOptions, BroadcastResult, MemberList, Room, RoomAnswer } from "../core/room.ts";
import { failed } from "../core/settled.ts";
import type { WebSocketConnection } from "../core/websocket-connection.ts";
import { isSendableCloseCode } from "../protocol/close-codes.ts";
import type {
  ReceivedReply,
  RequestArguments,
  RequestName,
  RequestOptions,
  SentPayload,
} from "../protocol/contract-types.ts";
import { invalidCloseCode } from "../protocol/errors.ts";
import type { Member } from "./member.ts";
import type { RoomCalls } from "./room-calls.ts";

/** What a room asks of the router it belongs to. */
export interface RoomOwner<C, S> {
  /** What is done to the members on all nodes. */
  readonly calls: RoomCalls<C, S>;
  /** The members of a room. */
  membersOf(room: string): ReadonlySet<Member<C, S>> | undefined;
  /** What a connection carries in a room, also while it is leaving. */
  metaOf(connection: WebSocketConnection<C, S>, room: string): unknown;
  /** Changes that. */
  setMeta(connection: WebSocketConnection<C, S>, room: string, meta: unknown): void;
  /** Sends to rooms. */
  sendToRooms(
    rooms: readonly string[],
    eventName: string,
    payload: unknown,
    options: BroadcastOptions<C, S> | undefined,
  ): Promise<BroadcastResult>;
  /** @throws {ZapError} When a request with this payload could not be sent. */
  assertSendable(eventName: string, payload?: unknown, options?: RequestOptions): void;
}

/** A room of a register. */
export class RoomView<C, S, M> implements Room<C, S, M> {
  readonly name: string;
  readonly #owner: RoomOwner<C, S>;

  /** Rooms are named by `connections.room(name)`. */
  constructor(owner: RoomOwner<C, S>, name: string) {
    this.#owner = owner;
    this.name = name;
  }

  get size(): number {
    return this.#owner.membersOf(this.name)?.size ?? 0;
  }

  members(): WebSocketConnection<C, S>[] {
    return Array.from(this.#owner.membersOf(this.name) ?? [], (member) => member.connection);
  }

  has(connection: WebSocketConnection<C, S>): boolean {
    return this.members().includes(connection);
  }

  meta(connection: WebSocketConnection<C, S>): M | undefined {
    // What members carry is the application's; it says the type.
    return this.#owner.metaOf(connection, this.name) as M | undefined;
  }

  getMeta(connection: WebSocketConnection<C, S>): M | undefined {
    return this.meta(connection);
  }

  setMeta(connection: WebSocketConnection<C, S>, meta: M): void {
    this.#owner.setMeta(connection, this.name, meta);
  }

  send(eventName: string, payload?: unknown, options?: BroadcastOptions<C, S>): Promise<BroadcastResult> {
    return this.#owner.sendToRooms([this.name], eventName, payload, options);
  }

  listMembers(options: NodeOptions = {}): Promise<MemberList<M>> {
    return this.#owner.calls.list(this.name, options) as Promise<MemberList<M>>;
  }

  joinAll(rooms: string | readonly string[], options: NodeOptions = {}): Promise<NodesResult> {
    return this.#owner.calls.act({ question: "join", room: this.name, rooms: [rooms].flat() }, options);
  }

  leaveAll(rooms: string | readonly string[], options: NodeOptions = {}): Promise<NodesResult> {
    return this.#owner.calls.act({ question: "leave", room: this.name, rooms: [rooms].flat() }, options);
  }

  close(code = 1000, reason = "", options: NodeOptions = {}): Promise<NodesResult> {
    if (!isSendableCloseCode(code)) return failed(invalidCloseCode(code));
    return this.#owner.calls.act({ question: "close", room: this.name, code, reason }, options);
  }

  request<K extends RequestName<C, "serverToClient">>(
    eventName: K,
    ...rest: RequestArguments<SentPayload<C, "serverToClient", K>>
  ): Promise<RoomAnswer<ReceivedReply<C, "serverToClient", K>>[]> {
    try {
      this.#owner.assertSendable(eventName, ...rest);
    } catch (error) {
      return failed(error);
    }
    const [payload, options] = rest;
    // Each member's connection has checked its answer against the contract.
    const answers = this.#owner.calls.request(this.name, eventName, payload, options);
    return answers as Promise<RoomAnswer<ReceivedReply<C, "serverToClient", K>>[]>;
  }

  add(connection: WebSocketConnection<C, S>, meta?: M): Promise<void> {
    return connection.join(this.name, meta);
  }

  remove(connection: WebSocketConnection<C, S>): void {
    connection.leave(this.name);
  }
}
