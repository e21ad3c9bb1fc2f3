// All live connections of one register and their rooms: finds one, sends to one, to rooms, to all. Closes none itself.

import type { AnyConnection } from "../core/connection-link.ts";
import type { Connections, ConnectionTable } from "../core/connections.ts";
import type { Broker, NodeLink } from "../core/nodes.ts";
import { patienceOf } from "../core/patience.ts";
import type {
  BroadcastArguments,
  BroadcastOptions,
  BroadcastResult,
  Room,
  RoomHooks,
  Selection,
  Selector,
} from "../core/room.ts";
import { failed, settled } from "../core/settled.ts";
import { linkOf, type WebSocketConnection } from "../core/websocket-connection.ts";
import { CloseCode } from "../protocol/close-codes.ts";
import { encode } from "../protocol/codec.ts";
import type {
  EventName,
  RequestOptions,
  SendArguments,
  SendOutcome,
  SentPayload,
  ServerSendOptions,
} from "../protocol/contract-types.ts";
import { duplicateId, reservedEventName } from "../protocol/errors.ts";
import type { EnvelopeHeaders } from "../protocol/headers.ts";
import type { Limits } from "../protocol/limits.ts";
import { CONTROL_PREFIX } from "../protocol/names.ts";
import { Admittance } from "./admittance.ts";
import { Audience } from "./audience.ts";
import { Delivery } from "./delivery.ts";
import type { Member } from "./member.ts";
import { Members } from "./members.ts";
import { Memberships } from "./memberships.ts";
import { addressOf, type NodeHost, nodeOf } from "./node.ts";
import { NodeCluster } from "./node-cluster.ts";
import { RoomCalls } from "./room-calls.ts";
import { type RoomOwner, RoomView } from "./room-view.ts";
import { RoomSelection, selectorsOf } from "./selection.ts";

const DONE: Promise<void> = Promise.resolve();
const NONE: ReadonlyMap<string, unknown> = new Map();

// Sets the topics of one register apart from those of another on the same server.
let routers = 0;

/** The live connections of a register. */
export class ConnectionRouter<C, S> implements Connections<C, S>, ConnectionTable, RoomOwner<C, S> {
  readonly #limits: Limits;
  readonly #memberships: Memberships<C, S>;
  #report: (error: object, eventName: string) => void = () => {};
  readonly #byId = new Map<string, Member<C, S>>();
  readonly #leaving = new Map<AnyConnection, Member<C, S>>();
  readonly #members: Members<C, S>;
  readonly #everyone: Audience<C, S>;
  readonly #delivery: Delivery<C, S>;
  readonly calls: RoomCalls<C, S>;
  readonly cluster: NodeCluster;
  #link: NodeLink | undefined;

  /** Routers are made by their register. */
  constructor(limits: Limits, hooks: RoomHooks<C, S>) {
    this.#limits = limits;
    const name = `zap${++routers}`;
    this.#everyone = new Audience(name);
    this.#members = new Members(`${name}:`, (room) => this.#link?.emptied(room));
    this.#memberships = new Memberships(
      {
        isLive: ({ connection }) => this.#liveMember(connection) !== undefined,
        entered: (room) => this.#link?.entered(room),
      },
      new Admittance(limits, hooks),
      this.#members,
    );
    this.#delivery = new Delivery(this.#byId, this.#members, this.#everyone);
    this.cluster = new NodeCluster(limits.nameLength);
    this.calls = new RoomCalls(this, () => this.cluster.id, limits.closeMs);
  }

  /** Joins the nodes that a broker reaches. For the register, once, before it has connections. */
  connect(broker: Broker, host: NodeHost): void {
    const { calls, cluster } = this;
    const here = { ...host, revoke: (principalId: string) => void this.#revokeHere(principalId) };
    this.#link = broker.connect(nodeOf(this.#limits, here, this.#byId, this.#delivery, calls, cluster));
    calls.connect(this.#link);
    cluster.connect(this.#link);
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): WebSocketConnection<C, S> | undefined {
    return this.#byId.get(id)?.connection;
  }

  *all(): IterableIterator<WebSocketConnection<C, S>> {
    for (const member of this.#byId.values()) yield member.connection;
  }

  sendTo<K extends EventName<C, "serverToClient">>(
    id: string,
    eventName: K,
    ...rest: SendArguments<SentPayload<C, "serverToClient", K>, ServerSendOptions>
  ): Promise<SendOutcome> {
    return this.get(id)?.send(eventName, ...rest) ?? this.#sendAway(id, eventName, ...rest);
  }

  broadcast<K extends EventName<C, "serverToClient">>(
    eventName: K,
    ...rest: BroadcastArguments<SentPayload<C, "serverToClient", K>, C, S>
  ): Promise<BroadcastResult>;
  broadcast(eventName: string, payload?: unknown, options?: BroadcastOptions<C, S>): Promise<BroadcastResult> {
    return this.sendToRooms(undefined, eventName, payload, options);
  }

  room<M = unknown>(name: string): Room<C, S, M> {
    return new RoomView(this, name);
  }

  rooms(): Room<C, S, unknown>[] {
    return this.#members.names().map((name) => this.room(name));
  }

  to(...rooms: readonly string[]): Selection<C, S> {
    return this.#select(rooms, []);
  }

  except(...selectors: readonly Selector<C, S>[]): Selection<C, S> {
    return this.#select(undefined, selectors);
  }

  revoke(principalId: string): number {
    this.#link?.revoke(principalId);
    return this.#revokeHere(principalId);
  }

  // ---- the siblings' names ----

  /** The Python and Dart siblings' name of {@link ConnectionRouter.get}. */
  getConnection(id: string): WebSocketConnection<C, S> | undefined {
    return this.get(id);
  }

  /** The siblings' name of {@link ConnectionRouter.all}, as a list. */
  getAllConnections(): WebSocketConnection<C, S>[] {
    return [...this.all()];
  }

  /** The siblings' name of {@link ConnectionRouter.sendTo}. @returns Whether there was somebody to send it to. */
  async sendToConnection<K extends EventName<C, "serverToClient">>(
    id: string,
    eventName: K,
    ...rest: SendArguments<SentPayload<C, "serverToClient", K>, ServerSendOptions>
  ): Promise<boolean> {
    return (await this.sendTo(id, eventName, ...rest)) !== "dropped";
  }

  // ---- what the engine does ----

  reportTo(report: (error: object, eventName: string) => void): void {
    this.#report = report;
  }

  live(): Iterable<AnyConnection> {
    return this.all();
  }

  add(connection: AnyConnection): void {
    if (this.#byId.has(connection.id)) throw duplicateId(connection.id);
    const { outbox, topics, formerRooms } = linkOf(connection);
    // The register that made this router makes its connections, with its own contract and state.
    const own = connection as WebSocketConnection<C, S>;
    const member: Member<C, S> = { connection: own, outbox, topics, rooms: undefined, stamp: 0 };
    this.#byId.set(connection.id, member);
    this.#everyone.enter(topics);
    for (const [room, meta] of formerRooms) this.#members.enter(member, room, meta);
  }

  remove(connection: AnyConnection): void {
    const member = this.#liveMember(connection);
    if (member === undefined) return;
    this.#byId.delete(connection.id);
    this.#everyone.exit(member.topics);
    this.#members.withdraw(member);
    if (member.rooms !== undefined) this.#leaving.set(connection, member);
  }

  release(connection: AnyConnection): void {
    const member = this.#leaving.get(connection);
    this.#leaving.delete(connection);
    if (member !== undefined) this.#memberships.release(member);
  }

  join(connection: AnyConnection, room: string, meta: unknown): Promise<void> {
    const member = this.#liveMember(connection);
    return member === undefined ? DONE : this.#memberships.join(member, room, meta);
  }

  leave(connection: AnyConnection, room: string): void {
    const member = this.#liveMember(connection);
    if (member !== undefined) this.#memberships.leave(member, room);
  }

  roomsOf(connection: AnyConnection): ReadonlyMap<string, unknown> {
    return this.#memberOf(connection)?.rooms ?? NONE;
  }

  // ---- what rooms and selections ask ----

  membersOf(room: string): ReadonlySet<Member<C, S>> | undefined {
    return this.#members.of(room)?.members;
  }

  metaOf(connection: WebSocketConnection<C, S>, room: string): unknown {
    return this.#memberOf(connection)?.rooms?.get(room);
  }

  setMeta(connection: WebSocketConnection<C, S>, room: string, meta: unknown): void {
    const rooms = this.#memberOf(connection)?.rooms;
    if (rooms?.has(room)) rooms.set(room, meta);
  }

  sendToRooms(
    rooms: readonly string[] | undefined,
    eventName: string,
    payload: unknown,
    options: BroadcastOptions<C, S> = {},
  ): Promise<BroadcastResult> {
    try {
      const text = this.#encode(eventName, payload, options.headers);
      const excluded = selectorsOf(options.exclude);
      const result = this.#delivery.give(text, rooms, excluded, options);
      if (this.#link !== undefined && options.local !== true) {
        this.#link.send(text, addressOf(rooms, excluded, options));
      }
      return Promise.resolve(result);
    } catch (error) {
      this.#report(Object(error), String(eventName));
      return failed(error);
    }
  }

  assertSendable(eventName: string, payload?: unknown, options?: RequestOptions): void {
    this.#encode(eventName, payload, options?.headers);
  }

  // ---- inside ----

  #revokeHere(principalId: string): number {
    const revoked = [...this.all()].filter(({ principal }) => principal?.id === principalId);
    for (const connection of revoked) linkOf(connection).close(CloseCode.unauthenticated, "revoked");
    return revoked.length;
  }

  /** To a connection that is not here: on another node perhaps. */
  #sendAway(
    id: string,
    eventName: string,
    payload?: unknown,
    headers?: EnvelopeHeaders,
    options: ServerSendOptions = {},
  ): Promise<SendOutcome> {
    if (this.#link === undefined) return settled("dropped");
    try {
      const text = this.#encode(eventName, payload, headers);
      return settled(this.#link.sendTo(id, text, patienceOf(options)));
    } catch (error) {
      this.#report(Object(error), String(eventName));
      return failed(error);
    }
  }

  #select(rooms: readonly string[] | undefined, excluded: readonly Selector<C, S>[]): RoomSelection<C, S> {
    return new RoomSelection(this.sendToRooms.bind(this), rooms, excluded);
  }

  #encode(eventName: string, payload: unknown, headers: EnvelopeHeaders | undefined): string {
    if (typeof eventName === "string" && eventName.startsWith(CONTROL_PREFIX)) throw reservedEventName(eventName);
    return encode(eventName, payload, headers, undefined, this.#limits);
  }

  #liveMember(connection: AnyConnection): Member<C, S> | undefined {
    const member = this.#byId.get(connection.id);
    return member?.connection === connection ? member : undefined;
  }

  #memberOf(connection: AnyConnection): Member<C, S> | undefined {
    return this.#liveMember(connection) ?? this.#leaving.get(connection);
  }
}
