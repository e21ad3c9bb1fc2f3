// Intercepts what one socket receives: decodes, admits, keeps the order, runs the handlers, ends what has to end.
// Knows no framework: text comes in from a connector and leaves through its transport.
import { checkAnswer } from "../protocol/check-answer.ts";
import type { Clock } from "../protocol/clock.ts";
import { CloseCode, normalizeCloseCode, truncateReason } from "../protocol/close-codes.ts";
import { decode } from "../protocol/codec.ts";
import type { RequestOptions } from "../protocol/contract-types.ts";
import { type Envelope, parseEnvelope } from "../protocol/envelope.ts";
import { disconnected, UnmeantError, ZapError } from "../protocol/errors.ts";
import type { Limits } from "../protocol/limits.ts";
import { isReservedName } from "../protocol/names.ts";
import { PendingRequests } from "../protocol/pending-requests.ts";
import { BINARY, RATE_LIMITED, RESERVED_NAME, Refusal } from "../protocol/refusal.ts";
import type { ConnectionLink, ConnectionStatus, RoomTable } from "./connection-link.ts";
import type { Engine } from "./engine.ts";
import { EventLine, type LineOwner } from "./event-line.ts";
import { HandlerRunner, type RunnerOwner } from "./handler-runner.ts";
import { Moment } from "./moment.ts";
import { Outbox, type OutboxOwner } from "./outbox.ts";
import { RateLimits } from "./rate-limits.ts";
import type { Handshake, Transport } from "./transport.ts";
import { WebSocketConnection } from "./websocket-connection.ts";

/** How a connection ended. */
interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** Who wants to know when a connection and all its handlers are done. */
export interface StreamListener {
  /** Called once, after the `disconnected` handlers. */
  streamEnded(processor: AnyProcessor): void;
}

/** A processor whose contract and state do not matter: what ends it. */
export interface AnyProcessor {
  /** Starts closing. Resolves when the socket has closed. */
  close(code: number, reason: string): Promise<void>;
  /** Resolves when everything of the connection is done. */
  startEventStream(): Promise<void>;
}

/**
 * How far the handlers are: `plugged` waits to be started, `connecting` runs `connected`, `streaming` runs events,
 * `ending` runs `disconnected`, `ended` runs nothing any more.
 */
type Stage = "plugged" | "connecting" | "streaming" | "ending" | "ended";

/**
 * One socket plugged into a register. Connectors feed it; users start it. Thousands of them are idle at any time, so
 * what an idle one does not need is made when it is needed.
 *
 * @typeParam C - The contract.
 * @typeParam S - The type of `connection.state`.
 */
export class EventProcessor<C, S> implements ConnectionLink, LineOwner<Envelope>, OutboxOwner, RunnerOwner {
  /** The connection this processor is of. */
  readonly connection: WebSocketConnection<C, S>;
  /** What waits to leave. */
  readonly outbox: Outbox;
  readonly #engine: Engine;
  readonly #transport: Transport;
  readonly #runner: HandlerRunner;
  readonly #line: EventLine<Envelope>;
  #handshake: Handshake | undefined;
  #status: ConnectionStatus = "open";
  #stage: Stage = "plugged";
  #connectedStarted = false;
  #listener: StreamListener | undefined;
  #rates: RateLimits | undefined;
  #requests: PendingRequests | undefined;
  #closed: Closed | undefined;
  #socketClosed: Moment<void> | undefined;
  #streamEnded: Moment<void> | undefined;
  #cancelCut: (() => void) | undefined;

  /** Processors are made by plugging a socket into a register. */
  constructor(engine: Engine, transport: Transport, handshake: Handshake, id: string) {
    this.#engine = engine;
    this.#transport = transport;
    this.#handshake = handshake;
    this.outbox = new Outbox(transport, this);
    this.connection = new WebSocketConnection(id, this);
    this.#runner = new HandlerRunner(engine, this.connection, this);
    this.#line = new EventLine(this, engine.concurrency, engine.limits.pendingEvents);
    engine.connections.add(this.connection);
  }

  get status(): ConnectionStatus {
    return this.#status;
  }

  get rooms(): RoomTable {
    return this.#engine.connections;
  }

  get limits(): Limits {
    return this.#engine.limits;
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
    if (this.#status === "closed") this.#end();
    else this.#connect();
  }

  // ---- called by connectors ----

  /** Takes the text of one frame. */
  receive(text: string): void {
    if (this.#status !== "open") return;
    this.#rates ??= new RateLimits(this.#engine);
    const envelope = this.#rates.admit(text) ? this.#parse(text) : RATE_LIMITED;
    if (envelope instanceof Refusal) this.refuse(envelope);
    else this.#admit(envelope);
  }

  /** Takes note of a binary frame: there are none in this protocol. */
  receiveBinary(): void {
    this.refuse(BINARY);
  }

  /** Closes the connection for what it sent, which the runtime or this processor would not take. */
  refuse({ closeCode, reason }: Refusal): void {
    if (this.#status !== "open") return;
    this.#engine.counters.countRefused(closeCode);
    this.#warn({ connection: this.connection.id, code: closeCode, reason }, "closed a connection for what it sent");
    this.close(closeCode, reason);
  }

  /**
   * Takes note that the socket has closed; only the first call counts. Code 0 is read as 1006. A close that was
   * started here keeps the code it was started with, whatever became of the handshake.
   */
  closed(code: number, reason: string): void {
    if (this.#status === "closed") return;
    this.#status = "closed";
    this.#cancelCut?.();
    this.#engine.connections.remove(this.connection);
    this.outbox.close();
    this.#requests?.failAll();
    this.#runner.abortAll(disconnected("the connection"));
    this.#closed ??= { code: normalizeCloseCode(code), reason };
    this.#socketClosed?.come();
    if (this.#stage === "streaming") this.#end();
    else if (this.#stage === "plugged") this.#engine.connections.release(this.connection);
  }

  /** Takes note that the socket has room again. */
  drained(): void {
    this.outbox.settleDrained();
  }

  // ---- the engine's side of the connection ----

  get clock(): Clock {
    return this.#engine.clock;
  }

  createState(): unknown {
    return this.#engine.createState();
  }

  request(eventName: string, options: RequestOptions, send: (id: string) => void): Promise<unknown> {
    const { clock, limits } = this.#engine;
    this.#requests ??= new PendingRequests(clock, limits.pendingRequests);
    const answer = this.#requests.open(eventName, options, (id) => {
      if (this.#status !== "open") throw disconnected(eventName);
      send(id);
    });
    return checkAnswer(this.#engine.outgoing.get(eventName), eventName, answer);
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

  report(eventName: string, error: unknown): void {
    this.#runner.report(eventName, error);
  }

  run(envelope: Envelope): Promise<void> | undefined {
    return this.#runner.runEvent(envelope);
  }

  pause(): void {
    this.#transport.pause?.();
  }

  resume(): void {
    this.#transport.resume?.();
  }

  pushText(text: string): void {
    this.outbox.push(text, false);
  }

  overflow(): void {
    if (this.#status !== "open") return;
    this.#engine.counters.countRefused(CloseCode.slowConsumer);
    this.#warn(
      { connection: this.connection.id, code: CloseCode.slowConsumer },
      "closed a connection that does not read",
    );
    this.#startClosing(CloseCode.slowConsumer, "slow consumer");
  }

  // ---- inside ----

  #parse(text: string): Envelope | Refusal {
    const value = decode(text, this.#engine.limits);
    return value instanceof Refusal ? value : parseEnvelope(value, this.#engine.limits);
  }

  #admit(envelope: Envelope): void {
    const re = envelope.zap?.re;
    if (re !== undefined) this.#requests?.answer(envelope, re);
    else if (isReservedName(envelope.eventName)) this.refuse(RESERVED_NAME);
    else this.#line.push(envelope);
  }

  #startClosing(code: number, reason: string): void {
    this.#status = "closing";
    this.#closed = { code, reason };
    this.outbox.close();
    this.#cancelCut = this.#engine.clock.after(this.#engine.limits.closeMs, () => {
      this.#transport.terminate();
      this.closed(CloseCode.abnormal, "");
    });
    // A paused socket would never see the answer to the Close.
    this.#transport.resume?.();
    this.#transport.close(code, reason);
  }

  async #connect(): Promise<void> {
    this.#stage = "connecting";
    const handshake = this.#handshake;
    this.#handshake = undefined;
    const refused = await this.#runner.runConnected(handshake, () => {
      this.#connectedStarted = true;
    });
    if (refused !== undefined && !this.#connectedStarted) this.#refuseConnection(refused.refusal);
    this.#stage = "streaming";
    if (this.#status === "closed") this.#end();
    else this.#line.open();
  }

  async #end(): Promise<void> {
    this.#stage = "ending";
    const { code, reason } = this.#closed ?? { code: CloseCode.abnormal, reason: "" };
    await this.#line.end();
    if (this.#connectedStarted) await this.#runner.runDisconnected(code, reason);
    this.#engine.connections.release(this.connection);
    this.#stage = "ended";
    this.#streamEnded?.come();
    this.#listener?.streamEnded(this);
  }

  #refuseConnection(error: unknown): void {
    const meant = error instanceof ZapError && !(error instanceof UnmeantError);
    if (meant) this.close(CloseCode.forbidden, truncateReason(error.code));
    else this.close(CloseCode.internalError, "internal error");
  }

  #warn(fields: Readonly<Record<string, unknown>>, message: string): void {
    try {
      this.#engine.logger.warn(fields, message);
    } catch (error) {
      this.#engine.onInternalError(error, "error");
    }
  }
}
