// The engine's hold on one socket: what leaves, whether it lives, how it ends. Reads no frames and runs no handlers.
import { checkAnswer } from "../protocol/check-answer.ts";
import type { Clock } from "../protocol/clock.ts";
import { CloseCode, normalizeCloseCode } from "../protocol/close-codes.ts";
import type { RequestOptions } from "../protocol/contract-types.ts";
import { AUTH_TEXT, encodeDraining, PING_TEXT } from "../protocol/control.ts";
import type { Envelope } from "../protocol/envelope.ts";
import { disconnected } from "../protocol/errors.ts";
import type { Limits } from "../protocol/limits.ts";
import { PendingRequests } from "../protocol/pending-requests.ts";
import type { Carried } from "./carried.ts";
import type { ConnectionLink, ConnectionStatus, RoomTable } from "./connection-link.ts";
import type { Engine } from "./engine.ts";
import { Moment } from "./moment.ts";
import { Outbox, type OutboxOwner } from "./outbox.ts";
import type { Principal } from "./principal.ts";
import type { Topics, Transport } from "./transport.ts";

// A peer that cannot show that it is there, for its socket is not being read or there is no way to ask it, counts as
// heard of for ever.
const UNREAD = Number.POSITIVE_INFINITY;

const NO_ROOMS: Carried["rooms"] = [];

/** How a connection ended. */
export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** Who is told what the socket does. */
export interface LinkOwner {
  /** Events that wait for their handler. */
  readonly waiting: number;
  /** Who the peer is. */
  readonly principal: Principal | undefined;
  /** A Close was sent, or the socket has closed; called once. */
  linkStopped(): void;
  /** The socket has closed; called once. */
  linkClosed(): void;
  /** The connection is being closed for something its peer did. */
  linkRefused(code: number, reason: string): void;
  /** Tells the `error` handlers, once for each error. */
  report(eventName: string, error: unknown): void;
  /** The peer sent a token; undefined for one that cannot be read. */
  takeToken(token: string | undefined): void;
}

/** One socket, from the plug to its end. What an idle one does not need is made when it is needed. */
export class SocketLink implements ConnectionLink, OutboxOwner {
  readonly outbox: Outbox;
  readonly #engine: Engine;
  readonly #transport: Transport;
  readonly #owner: LinkOwner;
  #status: ConnectionStatus = "open";
  #heardAt: number;
  #greeted: boolean;
  /** How many want it paused. */
  #pauses = 0;
  #closed: Closed | undefined;
  #requests: PendingRequests | undefined;
  #socketClosed: Moment<void> | undefined;
  #cancelCut: (() => void) | undefined;

  readonly #resumed: Carried | undefined;

  /** @param resumed - What its connection carried before, where it goes on from there. */
  constructor(engine: Engine, transport: Transport, owner: LinkOwner, resumed: Carried | undefined) {
    this.#engine = engine;
    this.#transport = transport;
    this.#owner = owner;
    this.#resumed = resumed;
    this.#greeted = resumed?.greeted ?? false;
    this.#heardAt = engine.heartbeat.now;
    this.outbox = new Outbox(transport, this);
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  get limits(): Limits {
    return this.#engine.limits;
  }

  get clock(): Clock {
    return this.#engine.clock;
  }

  get rooms(): RoomTable {
    return this.#engine.connections;
  }

  get principal(): Principal | undefined {
    return this.#owner.principal;
  }

  get waiting(): number {
    return this.#owner.waiting;
  }

  get topics(): Topics | undefined {
    return this.#transport.topics;
  }

  /** How it ended, or is ending. */
  get ending(): Closed {
    return this.#closed ?? { code: CloseCode.abnormal, reason: "" };
  }

  /** Whether the program may be forgotten while the socket stays. */
  get sleeps(): boolean {
    return this.#transport.sleeps === true;
  }

  /** Whether the heartbeat looks after it. */
  get isWatched(): boolean {
    return !this.sleeps && this.#transport.unwatched !== true;
  }

  get heardAt(): number {
    return this.#canAsk ? this.#heardAt : UNREAD;
  }

  /** Something came from the peer. */
  heard(): void {
    if (this.#heardAt !== UNREAD) this.#heardAt = this.#engine.heartbeat.now;
  }

  /** Whether the peer has said `zap:hello`; control events are sent to no other. */
  get greeted(): boolean {
    return this.#greeted;
  }

  /** The peer has said `zap:hello`. */
  greet(): void {
    this.#greeted = true;
  }

  get formerRooms(): Carried["rooms"] {
    return this.#resumed?.rooms ?? NO_ROOMS;
  }

  createState(): unknown {
    return this.#resumed === undefined ? this.#engine.createState() : this.#resumed.state;
  }

  report(eventName: string, error: unknown): void {
    this.#owner.report(eventName, error);
  }

  takeToken(token: string | undefined): void {
    this.#owner.takeToken(token);
  }

  /** Sends a text as it is. */
  pushText(text: string): void {
    this.outbox.push(text, false);
  }

  request(eventName: string, options: RequestOptions, send: (id: string) => void): Promise<unknown> {
    this.#requests ??= new PendingRequests(this.clock, this.limits.pendingRequests);
    const answer = this.#requests.open(eventName, options, (id) => {
      if (this.#status !== "open") throw disconnected(eventName);
      send(id);
    });
    return checkAnswer(this.#engine.outgoing.get(eventName), eventName, answer);
  }

  /** Takes an envelope that answers request `re`; one that answers nothing open is passed over. */
  takeAnswer(envelope: Envelope, re: string): void {
    this.#requests?.answer(envelope, re);
  }

  close(code: number, reason: string): Promise<void> {
    if (this.#status === "open") {
      this.outbox.flush();
      this.#startClosing(code, reason);
    }
    if (this.#status === "closed") return Promise.resolve();
    this.#socketClosed ??= new Moment();
    return this.#socketClosed.wait();
  }

  /** A peer that does not read is given up at once: nothing more is sent to it but the Close. */
  overflow(): void {
    if (this.#status !== "open") return;
    this.#startClosing(CloseCode.slowConsumer, "slow consumer");
    this.#owner.linkRefused(CloseCode.slowConsumer, "slow consumer");
  }

  dropped(): void {
    this.#engine.counters.dropped++;
  }

  /** Takes note that the socket has closed; only the first call counts. */
  socketClosed(code: number, reason: string): void {
    const before = this.#status;
    if (before === "closed") return;
    this.#status = "closed";
    this.#closed ??= { code: normalizeCloseCode(code), reason };
    this.#engine.counters.countClosed(this.#closed.code);
    this.#cancelCut?.();
    if (before === "open") this.#stop();
    this.#owner.linkClosed();
    this.#socketClosed?.come();
  }

  /** Tells a peer that understands it that its server is going away. */
  announceDraining(windowMs: number): void {
    if (this.#greeted) this.pushText(encodeDraining({ windowMs }));
  }

  /** Asks a peer that understands it for a new token. */
  askForToken(): void {
    if (this.#greeted) this.pushText(AUTH_TEXT);
  }

  ask(): void {
    if (this.#transport.ping !== undefined) this.#transport.ping();
    else if (this.#greeted) this.pushText(PING_TEXT);
  }

  giveUp(): void {
    this.#transport.terminate();
    this.socketClosed(CloseCode.abnormal, "");
  }

  /** Whether reading can be stopped. */
  get canPause(): boolean {
    return this.#transport.pause !== undefined;
  }

  /** Stops reading, where the transport can, until whoever asked for it has called {@link resume}. */
  pause(): void {
    if (this.#pauses++ > 0) return;
    this.#heardAt = UNREAD;
    this.#transport.pause?.();
  }

  /** Reads again, when nobody else wants it paused. */
  resume(): void {
    if (this.#pauses === 0 || --this.#pauses > 0) return;
    this.#heardAt = this.#engine.heartbeat.now;
    this.#transport.resume?.();
  }

  /** Whether the peer can be made to say something: with a ping of the WebSocket's own, or an event it knows. */
  get #canAsk(): boolean {
    return this.isWatched && (this.#greeted || this.#transport.ping !== undefined);
  }

  #startClosing(code: number, reason: string): void {
    this.#status = "closing";
    this.#closed = { code, reason };
    this.#cancelCut = this.clock.after(this.limits.closeMs, () => this.giveUp());
    this.#stop();
    // A paused socket would never see the answer to the Close.
    if (this.#pauses > 0) this.#pauses = 1;
    this.resume();
    this.#transport.close(code, reason);
  }

  /** Nothing is sent, answered or handled any more. */
  #stop(): void {
    this.outbox.close();
    this.#requests?.failAll();
    this.#owner.linkStopped();
  }
}
