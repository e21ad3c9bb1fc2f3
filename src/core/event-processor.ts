// Intercepts what one socket receives: admits it, keeps the order, has the handlers run.
// Knows no framework: text comes in from a connector and leaves through its transport.
import { CloseCode } from "../protocol/close-codes.ts";
import type { Envelope } from "../protocol/envelope.ts";
import { isReservedName } from "../protocol/names.ts";
import { BINARY, NOT_AUTHENTICATED, RESERVED_NAME, type Refusal, TOO_MANY_WAITING } from "../protocol/refusal.ts";
import type { Admitted } from "./admission-verdict.ts";
import { takeControlEvent } from "./control-events.ts";
import type { Engine } from "./engine.ts";
import { Entrance, type EntranceOwner } from "./entrance.ts";
import { EventLine, type LineOwner, mostWaiting } from "./event-line.ts";
import { HandlerRunner } from "./handler-runner.ts";
import { Inbox, type InboxOwner } from "./inbox.ts";
import { Moment } from "./moment.ts";
import type { PlugOptions } from "./plug-options.ts";
import type { Principal } from "./principal.ts";
import { logRefusal } from "./refusal-log.ts";
import { closeFor } from "./refused-connection.ts";
import { type LinkOwner, SocketLink } from "./socket-link.ts";
import type { Handshake, Transport } from "./transport.ts";
import { WebSocketConnection } from "./websocket-connection.ts";

/** A processor whose contract and state do not matter: what connectors and servers do with it. */
export type AnyProcessor = Omit<EventProcessor<unknown, unknown>, "connection">;

/** Who wants to know when a connection and all its handlers are done. */
export interface StreamListener {
  /** Called once, after the `disconnected` handlers. */
  streamEnded(processor: AnyProcessor): void;
}

/**
 * How far the handlers are: `plugged` waits to be started, `admitting` for the peer to be known, `connecting` runs
 * `connected`, `streaming` runs events, `ending` runs `disconnected`, `ended` runs nothing any more.
 */
type Stage = "plugged" | "admitting" | "connecting" | "streaming" | "ending" | "ended";

/**
 * One socket plugged into a register. Connectors feed it; users start it.
 *
 * @typeParam C - The contract.
 * @typeParam S - The type of `connection.state`.
 */
export class EventProcessor<C, S> implements InboxOwner, LineOwner<Envelope>, LinkOwner, EntranceOwner {
  /** The connection this processor is of. */
  readonly connection: WebSocketConnection<C, S>;
  readonly #engine: Engine;
  readonly #link: SocketLink;
  readonly #runner: HandlerRunner;
  readonly #line: EventLine<Envelope>;
  readonly #entrance: Entrance;
  #stage: Stage = "plugged";
  #connectedStarted: boolean;
  #inbox: Inbox | undefined;
  #listener: StreamListener | undefined;
  #streamEnded: Moment<void> | undefined;

  /** Processors are made by plugging a socket into a register. */
  constructor(engine: Engine, transport: Transport, asking: Handshake | Admitted, id: string, options: PlugOptions) {
    this.#engine = engine;
    this.#link = new SocketLink(engine, transport, this, options.resume);
    this.#connectedStarted = options.resume !== undefined;
    this.connection = new WebSocketConnection(id, this.#link);
    this.#runner = new HandlerRunner(engine, this.connection, this.#link);
    const { pendingEvents } = engine.limits;
    const most = mostWaiting(pendingEvents, this.#link.canPause);
    this.#line = new EventLine(this, engine.concurrency, pendingEvents, most, transport.rested?.bind(transport));
    this.#entrance = new Entrance(this, engine, this.#link.sleeps);
    engine.processors.add(this);
    this.#entrance.ask(asking, (options.resume ?? options).principal);
  }

  /** Who the peer is. */
  get principal(): Principal | undefined {
    return this.#entrance.principal;
  }

  /**
   * Runs `connected`, then the events, one at a time in the order they came, then `disconnected`. What came before
   * this call has waited for it.
   *
   * @returns Resolves when the connection has ended and its `disconnected` handlers have run. It never rejects.
   */
  startEventStream(): Promise<void> {
    this.start();
    if (this.#stage === "ended") return Promise.resolve();
    this.#streamEnded ??= new Moment();
    return this.#streamEnded.wait();
  }

  /** The same without a promise, for connectors that hold thousands of streams: `listener` hears of the end. */
  start(listener?: StreamListener): void {
    this.#listener ??= listener;
    if (this.#stage !== "plugged") return;
    if (this.#link.status === "open" && this.#entrance.standing === "entered") this.#connect();
    else if (this.#link.status === "open") this.#stage = "admitting";
    else if (this.#link.status === "closed") this.#end();
    else this.#stage = "streaming";
  }

  // ---- called by connectors ----

  /** Takes the text of one frame. */
  receive(text: string): void {
    this.#link.heard();
    if (this.#link.status === "open") this.#inboxNow.receive(text);
    else this.#inbox?.pass();
  }

  /** Takes note of a binary frame: there are none in this protocol. */
  receiveBinary(): void {
    this.refuse(BINARY);
  }

  /** Closes the connection for what it sent, which the runtime would not take. What came before that is read first. */
  refuse(refusal: Refusal): void {
    this.#inbox?.empty();
    this.turnDown(refusal);
  }

  /** Takes note of a ping or a pong of the WebSocket itself. Pings are answered, so they count towards the rate. */
  heard(sign: "ping" | "pong" = "pong"): void {
    this.#link.heard();
    if (sign === "ping") this.#inboxNow.ping();
  }

  /** Takes note that the socket has room again. */
  drained(): void {
    this.#link.outbox.settleDrained();
  }

  /** Takes note that the socket has closed, once. Code 0 is read as 1006; a close that was started here keeps its code. */
  closed(code: number, reason: string): void {
    this.#inbox?.empty();
    this.#link.socketClosed(code, reason);
  }

  /** Ends the connection when its principal has expired: for transports that sleep, whose connectors call it. */
  checkAccess(): void {
    this.#entrance.check();
  }

  announceDraining(windowMs: number): void {
    this.#link.announceDraining(windowMs);
  }

  /** Takes no more events. Resolves when those that came have been handled; those of a peer nobody knows are dropped. */
  finish(): Promise<void> {
    this.#inbox?.empty();
    return this.#entrance.standing === "entered" ? this.#line.finish() : this.#line.end();
  }

  close(code: number, reason: string): Promise<void> {
    return this.#link.close(code, reason);
  }

  // ---- called by the parts of this connection ----

  get isOpen(): boolean {
    return this.#link.status === "open";
  }

  get waiting(): number {
    return this.#line.waiting;
  }

  turnDown({ closeCode, reason }: Refusal): void {
    if (this.#link.status !== "open") return;
    this.#link.close(closeCode, reason);
    this.linkRefused(closeCode, reason);
  }

  admit(envelope: Envelope): void {
    const { eventName, zap } = envelope;
    const isAwaiting = this.#entrance.standing === "awaiting";
    if (zap?.re !== undefined && !isAwaiting) this.#link.takeAnswer(envelope, zap.re);
    else if (!isReservedName(eventName)) {
      const cost = this.#engine.handlers.costOf(eventName);
      if (isAwaiting) this.turnDown(NOT_AUTHENTICATED);
      else if (cost <= 1 || this.#inboxNow.charge(cost - 1)) this.#line.push(envelope);
    } else if (!takeControlEvent(this.#link, this.connection.id, envelope)) this.turnDown(RESERVED_NAME);
  }

  entered(): void {
    try {
      this.#engine.connections.add(this.connection);
    } catch {
      // While it was asked who it is, somebody else came with the same id.
      return void this.#link.close(CloseCode.takenOver, "connection id in use");
    }
    if (this.#link.isWatched) this.#engine.heartbeat.start();
    if (this.#stage === "admitting") this.#connect();
  }

  tokenExpiring(): void {
    this.#link.askForToken();
  }

  linkStopped(): void {
    this.#entrance.stop();
    this.#runner.abortAll();
  }

  linkClosed(): void {
    this.#entrance.release();
    this.#engine.connections.remove(this.connection);
    if (this.#engine.connections.size === 0) this.#engine.heartbeat.stop();
    if (this.#stage === "streaming" || this.#stage === "admitting") this.#end();
    else if (this.#stage === "plugged") this.#release();
  }

  linkRefused(code: number, reason: string): void {
    logRefusal(this.#engine, this.connection.id, code, reason);
  }

  report(eventName: string, error: unknown): void {
    this.#runner.report(eventName, error);
  }

  run(envelope: Envelope, ended: () => void): boolean {
    // It may have waited while the connection ended.
    return this.#link.status === "open" && this.#runner.runEvent(envelope, ended);
  }

  get isFull(): boolean {
    return this.#line.isFull;
  }

  pause(): void {
    this.#link.pause();
  }

  resume(): void {
    this.#link.resume();
    this.#inbox?.wake();
  }

  readOn(): void {
    this.#link.resume();
  }

  overflow(): void {
    this.turnDown(TOO_MANY_WAITING);
  }

  takeToken(token: string | undefined): void {
    this.#entrance.takeToken(token);
  }

  // ---- inside ----

  // An idle connection needs none.
  get #inboxNow(): Inbox {
    this.#inbox ??= new Inbox(this, this.#engine, this.#link.canPause);
    return this.#inbox;
  }

  #connect(): void {
    this.#stage = "connecting";
    const handshake = this.#entrance.takeHandshake();
    if (!this.#connectedStarted && this.#engine.handlers.watchesConnections) {
      this.#runConnected(handshake).then(() => this.#stream());
    } else {
      this.#connectedStarted = true;
      this.#stream();
    }
  }

  async #runConnected(handshake: Handshake | undefined): Promise<void> {
    const refused = await this.#runner.runConnected(handshake, () => {
      this.#connectedStarted = true;
    });
    if (refused !== undefined && !this.#connectedStarted) this.#link.close(...closeFor(refused.refusal));
  }

  #stream(): void {
    this.#stage = "streaming";
    if (this.#link.status === "closed") this.#end();
    else this.#line.open();
  }

  async #end(): Promise<void> {
    this.#stage = "ending";
    const { code, reason } = this.#link.ending;
    await this.#line.end();
    if (this.#connectedStarted) await this.#runner.runDisconnected(code, reason);
    this.#release();
    this.#stage = "ended";
    this.#streamEnded?.come();
    this.#listener?.streamEnded(this);
  }

  #release(): void {
    this.#engine.connections.release(this.connection);
    this.#engine.processors.delete(this);
    if (this.#engine.processors.size === 0) this.#engine.timeLimits.stop();
  }
}
