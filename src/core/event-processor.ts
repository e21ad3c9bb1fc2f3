// Intercepts what one socket receives: decodes, admits, keeps the order, runs the handlers, ends what has to end.
// Knows no framework: text comes in from a connector and leaves through its transport.
import { checkAnswer } from "../protocol/check-answer.ts";
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
import { HandlerRunner } from "./handler-runner.ts";
import { Latch } from "./latch.ts";
import { Outbox } from "./outbox.ts";
import { RateLimits } from "./rate-limits.ts";
import type { Handshake, Transport } from "./transport.ts";
import { WebSocketConnection } from "./websocket-connection.ts";

/** How a connection ended. */
interface Closed {
  readonly code: number;
  readonly reason: string;
}

/**
 * One socket plugged into a register. Connectors feed it; users start it.
 *
 * @typeParam C - The contract.
 * @typeParam S - The type of `connection.state`.
 */
export class EventProcessor<C, S> implements ConnectionLink, LineOwner<Envelope> {
  /** The connection this processor is of. */
  readonly connection: WebSocketConnection<C, S>;
  /** What waits to leave. */
  readonly outbox: Outbox;
  readonly #engine: Engine;
  readonly #transport: Transport;
  readonly #runner: HandlerRunner;
  readonly #line: EventLine<Envelope>;
  readonly #rates: RateLimits;
  #handshake: Handshake | undefined;
  #requests: PendingRequests | undefined;
  #status: ConnectionStatus = "open";
  #connectedStarted = false;
  #stream: Promise<void> | undefined;
  #cancelCut: (() => void) | undefined;
  #sentClose: Closed | undefined;
  readonly #socketClosed = new Latch<Closed>();

  /** Processors are made by plugging a socket into a register. */
  constructor(engine: Engine, transport: Transport, handshake: Handshake, id: string) {
    this.#engine = engine;
    this.#transport = transport;
    this.#handshake = handshake;
    this.outbox = new Outbox(transport, engine.limits, engine.clock, () => this.#giveUpSlowPeer());
    this.connection = new WebSocketConnection(id, engine.createState() as S, this);
    this.#runner = new HandlerRunner(engine, this.connection, (text) => void this.outbox.push(text, false));
    this.#line = new EventLine(this, engine.concurrency, engine.limits.pendingEvents);
    this.#rates = new RateLimits(engine);
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
   * @returns Resolves when the connection has ended and its `disconnected` handlers have run. It never rejects; a
   *   second call returns the same promise.
   */
  startEventStream(): Promise<void> {
    this.#stream ??= this.#live();
    return this.#stream;
  }

  // ---- called by connectors ----

  /** Takes the text of one frame. */
  receive(text: string): void {
    if (this.#status !== "open") return;
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
    this.#socketClosed.open(this.#sentClose ?? { code: normalizeCloseCode(code), reason });
  }

  /** Takes note that the socket has room again. */
  drained(): void {
    this.outbox.settleDrained();
  }

  // ---- the engine's side of the connection ----

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
    return this.#socketClosed.passed.then(() => undefined);
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

  #giveUpSlowPeer(): void {
    if (this.#status !== "open") return;
    this.#engine.counters.countRefused(CloseCode.slowConsumer);
    this.#warn(
      { connection: this.connection.id, code: CloseCode.slowConsumer },
      "closed a connection that does not read",
    );
    this.#startClosing(CloseCode.slowConsumer, "slow consumer");
  }

  #startClosing(code: number, reason: string): void {
    this.#status = "closing";
    this.#sentClose = { code, reason };
    this.outbox.close();
    this.#cancelCut = this.#engine.clock.after(this.#engine.limits.closeMs, () => {
      this.#transport.terminate();
      this.closed(CloseCode.abnormal, "");
    });
    // A paused socket would never see the answer to the Close.
    this.#transport.resume?.();
    this.#transport.close(code, reason);
  }

  async #live(): Promise<void> {
    if (this.#status === "open") await this.#connect();
    const { code, reason } = await this.#socketClosed.passed;
    await this.#line.end();
    if (this.#connectedStarted) await this.#runner.runDisconnected(code, reason);
    this.#engine.connections.release(this.connection);
  }

  async #connect(): Promise<void> {
    const handshake = this.#handshake;
    this.#handshake = undefined;
    const refused = await this.#runner.runConnected(handshake, () => {
      this.#connectedStarted = true;
    });
    if (refused === undefined || this.#connectedStarted) this.#line.open();
    else this.#refuseConnection(refused.refusal);
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
