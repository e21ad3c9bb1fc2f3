// All live connections of one register and their rooms: finds one, sends to one, to rooms, to all. Closes none itself.

import type { AnyConnection } from "../core/connection-link.ts";
import type { Connections, ConnectionTable } from "../core/connections.ts";
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
import type { EventName, RequestOptions, SendArguments, SendOutcome, SentPayload } from "../protocol/contract-types.ts";
import { duplicateId, reservedEventName } from "../protocol/errors.ts";
import type { EnvelopeHeaders } from "../protocol/headers.ts";
import type { Limits } from "../protocol/limits.ts";
import { CONTROL_PREFIX } from "../protocol/names.ts";
import { Admittance } from "./admittance.ts";
import { Audience } from "./audience.ts";
import { FanOut } from "./fan-out.ts";
import type { Member } from "./member.ts";
import { Members } from "./members.ts";
import { type RoomOwner, RoomView } from "./room-view.ts";
import { RoomSelection, selectorsOf } from "./selection.ts";

const DONE: Promise<void> = Promise.resolve();
const NONE: ReadonlyMap<string, unknown> = new Map();

// Sets the topics of one register apart from those of another on the same server.
let routers = 0;

/** The live connections of a register. */
export class ConnectionRouter<C, S> implements Connections<C, S>, ConnectionTable, RoomOwner<C, S> {
  readonly #limits: Limits;
  readonly #admittance: Admittance<C, S>;
  #report: (error: object, eventName: string) => void = () => {};
  readonly #byId = new Map<string, Member<C, S>>();
  readonly #leaving = new Map<AnyConnection, Member<C, S>>();
  readonly #members: Members<C, S>;
  readonly #everyone: Audience<C, S>;
  readonly #fanOut = new FanOut<C, S>();

  /** Routers are made by their register. */
  constructor(limits: Limits, hooks: RoomHooks<C, S>) {
    this.#limits = limits;
    this.#admittance = new Admittance(limits, hooks);
    const name = `zap${++routers}`;
    this.#everyone = new Audience(name);
    this.#members = new Members(`${name}:`);
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
    ...rest: SendArguments<SentPayload<C, "serverToClient", K>>
  ): Promise<SendOutcome> {
    return this.get(id)?.send(eventName, ...rest) ?? settled("dropped");
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
    const revoked = [...this.all()].filter(({ principal }) => principal?.id === principalId);
    for (const connection of revoked) linkOf(connection).close(CloseCode.unauthenticated, "revoked");
    return revoked.length;
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
    ...rest: SendArguments<SentPayload<C, "serverToClient", K>>
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
    for (const [room, meta] of member?.rooms ?? []) {
      if (member !== undefined) this.#admittance.left({ connection: member.connection, room, meta });
    }
  }

  join(connection: AnyConnection, room: string, meta: unknown): Promise<void> {
    const member = this.#liveMember(connection);
    if (member === undefined || member.rooms?.has(room)) return DONE;
    const change = { connection: member.connection, room, meta };
    const fail = (error: unknown): Promise<never> => {
      this.#admittance.report(change, error);
      return failed(error);
    };
    try {
      this.#admittance.assertRoom(member, room);
      const pending = this.#admittance.authorize(change);
      if (pending === undefined) return this.#enter(member, room, meta);
      const joining = pending.then(() => this.#enter(member, room, meta)).catch(fail);
      joining.catch(ignore);
      return joining;
    } catch (error) {
      return fail(error);
    }
  }

  leave(connection: AnyConnection, room: string): void {
    const member = this.#liveMember(connection);
    if (member === undefined) return;
    const meta = member.rooms?.get(room);
    if (this.#members.exit(member, room)) this.#admittance.left({ connection: member.connection, room, meta });
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
      return Promise.resolve(this.#publish(text, rooms, options) ?? this.#deliver(text, rooms, options));
    } catch (error) {
      this.#report(Object(error), String(eventName));
      return failed(error);
    }
  }

  assertSendable(eventName: string, payload?: unknown, options?: RequestOptions): void {
    this.#encode(eventName, payload, options?.headers);
  }

  // ---- inside ----

  #enter(member: Member<C, S>, room: string, meta: unknown): Promise<void> {
    // While the application was asked, the connection may have ended, joined, or filled its number of rooms.
    if (this.#byId.get(member.connection.id) !== member || member.rooms?.has(room)) return DONE;
    this.#admittance.assertRoom(member, room);
    this.#members.enter(member, room, meta);
    this.#admittance.joined({ connection: member.connection, room, meta });
    return DONE;
  }

  /** Through a topic of the runtime, where one reaches exactly those who are meant. */
  #publish(
    text: string,
    rooms: readonly string[] | undefined,
    { exclude, volatile }: BroadcastOptions<C, S>,
  ): BroadcastResult | undefined {
    if (volatile === true || selectorsOf(exclude).length > 0) return undefined;
    if (rooms === undefined) {
      return this.#everyone.publish(text, this.#byId.values()) ? sentTo(this.size) : undefined;
    }
    const [room] = rooms;
    if (room === undefined || rooms.length > 1) return undefined;
    const membership = this.#members.of(room);
    return membership?.audience.publish(text, membership.members) ? sentTo(membership.members.size) : undefined;
  }

  #deliver(
    text: string,
    rooms: readonly string[] | undefined,
    { exclude, volatile }: BroadcastOptions<C, S>,
  ): BroadcastResult {
    const targets = rooms === undefined ? [this.#byId.values()] : rooms.map((room) => this.membersOf(room) ?? []);
    return this.#fanOut.deliver(text, targets, this.#resolve(exclude), volatile === true);
  }

  #select(rooms: readonly string[] | undefined, excluded: readonly Selector<C, S>[]): RoomSelection<C, S> {
    return new RoomSelection(this.sendToRooms.bind(this), rooms, excluded);
  }

  #encode(eventName: string, payload: unknown, headers: EnvelopeHeaders | undefined): string {
    if (typeof eventName === "string" && eventName.startsWith(CONTROL_PREFIX)) throw reservedEventName(eventName);
    return encode(eventName, payload, headers, undefined, this.#limits);
  }

  *#resolve(exclude: BroadcastOptions<C, S>["exclude"]): Iterable<Member<C, S>> {
    for (const selector of selectorsOf(exclude)) {
      const member = this.#byId.get(typeof selector === "string" ? selector : selector.id);
      if (member !== undefined) yield member;
      if (typeof selector === "string") yield* this.membersOf(selector) ?? [];
    }
  }

  #liveMember(connection: AnyConnection): Member<C, S> | undefined {
    const member = this.#byId.get(connection.id);
    return member?.connection === connection ? member : undefined;
  }

  #memberOf(connection: AnyConnection): Member<C, S> | undefined {
    return this.#liveMember(connection) ?? this.#leaving.get(connection);
  }
}

function sentTo(sent: number): BroadcastResult {
  return { sent, queued: 0, dropped: 0 };
}

function ignore(): void {}
