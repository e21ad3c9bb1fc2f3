// Runs handlers: awaits them for as long as they may take, answers requests, reports what they throw.
// Knows no sockets and no order; every promise a handler makes is owned here.

import type { Envelope } from "../protocol/envelope.ts";
import { disconnected, invalidPayload, notHandled, UnmeantError, unknownEvent, ZapError } from "../protocol/errors.ts";
import { NO_HEADERS } from "../protocol/headers.ts";
import type { LifecycleEventName } from "../protocol/names.ts";
import { encodeErrorReply, encodeFailureReply, encodeReply } from "../protocol/reply.ts";
import { type Validated, validate } from "../protocol/validate.ts";
import { isPromiseLike, NOT_HANDLED, type Run } from "./compose.ts";
import type { AnyConnection } from "./connection-link.ts";
import type { AnyConnections } from "./connections.ts";
import { Context, type ContextOwner } from "./context.ts";
import { SingleTimeLimits, type TimeLimits } from "./deadlines.ts";
import type { Engine } from "./engine.ts";
import type { Registration } from "./handler-table.ts";
import { type Ends, LimitedWait } from "./limited-wait.ts";

/** Whose handlers are run. */
export interface RunnerOwner {
  /** Whether timers of others may look after what runs here. */
  readonly isWatched: boolean;
  /** Sends the text of an answer. */
  pushText(text: string): void;
}

/** Runs what is registered for the events of one connection. */
export class HandlerRunner implements ContextOwner {
  readonly #engine: Engine;
  readonly #connection: AnyConnection;
  readonly #owner: RunnerOwner;
  readonly #timeLimits: TimeLimits;
  #running: Set<Context> | undefined;
  #reporting = 0;

  constructor(engine: Engine, connection: AnyConnection, owner: RunnerOwner) {
    this.#engine = engine;
    this.#connection = connection;
    this.#owner = owner;
    this.#timeLimits = owner.isWatched ? engine.timeLimits : new SingleTimeLimits(engine.clock);
  }

  get connections(): AnyConnections {
    return this.#engine.connections;
  }

  /**
   * Runs the handler of an event, when there is one.
   *
   * @returns Whether that goes on after the call: then `ended` is called once.
   */
  runEvent(envelope: Envelope, ended: () => void): boolean {
    const { eventName, headers, payload } = envelope;
    const requestId = envelope.zap?.id;
    const registration = this.#engine.handlers.get(eventName);
    if (registration === undefined) {
      this.#engine.counters.unknownEvents++;
      if (requestId !== undefined) this.#pushUnknown(eventName, requestId);
      return false;
    }
    const context = new Context(this, this.#connection, eventName, payload, headers, requestId);
    if (registration.schema === undefined) return this.#runRegistered(context, registration, ended);
    try {
      const validated = validate(registration.schema, payload);
      if (!(validated instanceof Promise)) return this.#runValidated(context, registration, validated, ended);
      this.#validateLater(context, registration, validated, ended);
      return true;
    } catch (error) {
      return this.#failLater(context, error, ended);
    }
  }

  /**
   * Runs the `connected` handlers within the middleware of all events.
   *
   * @param onStart - Called when the middleware let the connection through to its handlers.
   * @returns The error a middleware refused the connection with, if one did; `not_handled` where it called no `next()`.
   */
  async runConnected(payload: unknown, onStart: () => void): Promise<{ readonly refusal: unknown } | undefined> {
    const context = this.#lifecycleContext("connected", payload);
    const chain = this.#engine.handlers.compose(() => {
      onStart();
      return this.#runLifecycle(context);
    });
    this.#running ??= new Set();
    this.#running.add(context);
    try {
      const result = await this.#limited(context, chain(context), this.#engine.limits.handlerMs);
      return result === NOT_HANDLED ? { refusal: notHandled("connected") } : undefined;
    } catch (error) {
      await this.#tell("connected", error);
      return { refusal: error };
    } finally {
      this.#running.delete(context);
      // Most connections are idle from here on: they need no set.
      if (this.#running.size === 0) this.#running = undefined;
    }
  }

  /** Runs the `disconnected` handlers. */
  runDisconnected(code: number, reason: string): Promise<void> {
    return this.#runLifecycle(this.#lifecycleContext("disconnected", { code, reason }));
  }

  /** Tells the `error` handlers of a call that failed, such as `send`: whoever made it may not be waiting for it. */
  async report(eventName: string, error: unknown): Promise<void> {
    if (this.#reporting === 0) return this.#tell(eventName, error);
    // An `error` handler whose own call fails would be called for that, and fail again, without end.
    if (this.#isNew(error)) this.#engine.onInternalError(error, eventName);
  }

  /** The connection is over, or about to be: aborts the signals of all that runs. */
  abortAll(): void {
    for (const context of this.#running ?? []) {
      const reason = disconnected(context.eventName);
      // Who is stopped by it may well throw it; that is no news.
      this.#isNew(reason);
      context.abort(reason);
    }
  }

  answer(context: Context, requestId: string, result: unknown): void {
    try {
      this.#owner.pushText(encodeReply(context.eventName, result, requestId, this.#engine.limits));
    } catch (error) {
      this.#pushError(error, requestId);
      throw error;
    }
  }

  #runValidated(context: Context, registration: Registration, validated: Validated, ended: () => void): boolean {
    if (validated.issues !== undefined) {
      this.#engine.counters.invalidPayloads++;
      return this.#failLater(context, invalidPayload(context.eventName, validated.issues), ended);
    }
    context.payload = validated.value;
    return this.#runRegistered(context, registration, ended);
  }

  async #validateLater(
    context: Context,
    registration: Registration,
    pending: Promise<Validated>,
    ended: () => void,
  ): Promise<void> {
    try {
      const validated = await this.#limited(context, pending, this.#limitOf(registration));
      if (context.abortReason === undefined && this.#runValidated(context, registration, validated, ended)) return;
    } catch (error) {
      await this.#fail(context, error);
    }
    ended();
  }

  #runRegistered(context: Context, registration: Registration, ended: () => void): boolean {
    this.#engine.counters.events++;
    try {
      const result = (registration.run ?? this.#engine.handlers.runOf(registration))(context);
      if (!isPromiseLike(result)) {
        this.#finish(context, result);
        return false;
      }
      // No promise of our own: this is on the way of every event with an asynchronous handler.
      this.#wait(context, result, this.#limitOf(registration), {
        came: (value) => this.#finishLater(context, value, ended),
        failed: (error) => this.#failLater(context, error, ended),
      });
      return true;
    } catch (error) {
      return this.#failLater(context, error, ended);
    }
  }

  #finishLater(context: Context, result: unknown, ended: () => void): void {
    try {
      this.#finish(context, result);
    } catch (error) {
      this.#failLater(context, error, ended);
      return;
    }
    ended();
  }

  #finish(context: Context, result: unknown): void {
    const requestId = context.takeRequestId();
    if (requestId === undefined) return;
    if (result === NOT_HANDLED) this.#pushError(notHandled(context.eventName), requestId);
    else this.answer(context, requestId, result);
  }

  #failLater(context: Context, error: unknown, ended: () => void): true {
    this.#fail(context, error).then(ended);
    return true;
  }

  #fail(context: Context, error: unknown): Promise<void> {
    const requestId = context.takeRequestId();
    if (requestId !== undefined) this.#pushError(error, requestId);
    return this.#tell(context.eventName, error);
  }

  /** Tells the `error` handlers of an error, once; without any, or when they fail, the register's own hook. */
  async #tell(eventName: string, error: unknown): Promise<void> {
    if (!this.#isNew(error)) return;
    this.#engine.counters.errors++;
    const handlers = this.#engine.handlers.lifecycle("error");
    if (handlers.length === 0) return this.#engine.onInternalError(error, eventName);
    const context = this.#lifecycleContext("error", { eventName, error });
    this.#reporting++;
    for (const handler of handlers) {
      try {
        await this.#limited(context, handler(context), this.#engine.limits.handlerMs);
      } catch (failure) {
        if (this.#isNew(failure)) this.#engine.onInternalError(failure, "error");
      }
    }
    this.#reporting--;
  }

  /** Whether an error has not been told yet. An application may throw one object again and again; the toolkit does not. */
  #isNew(error: unknown): boolean {
    if (!isOurs(error)) return true;
    if (this.#engine.told.has(error)) return false;
    this.#engine.told.add(error);
    return true;
  }

  #pushUnknown(eventName: string, requestId: string): void {
    this.#owner.pushText(encodeFailureReply(unknownEvent(eventName), requestId, this.#engine.limits));
  }

  #pushError(error: unknown, requestId: string): void {
    this.#owner.pushText(encodeErrorReply(error, requestId, this.#engine.limits));
  }

  async #runLifecycle(context: Context): Promise<void> {
    const { eventName } = context;
    for (const handler of this.#lifecycleHandlers(eventName)) {
      try {
        await this.#limited(context, handler(context), this.#engine.limits.handlerMs);
      } catch (error) {
        await this.#tell(eventName, error);
      }
    }
  }

  #lifecycleHandlers(eventName: string): readonly Run[] {
    return this.#engine.handlers.lifecycle(eventName === "connected" ? "connected" : "disconnected");
  }

  #lifecycleContext(eventName: LifecycleEventName, payload: unknown): Context {
    return new Context(this, this.#connection, eventName, payload, NO_HEADERS, undefined);
  }

  #limitOf(registration: Registration): number {
    return registration.handlerMs ?? this.#engine.limits.handlerMs;
  }

  /** What `pending` comes to, or `handler_timeout` when that takes too long; what it comes to later is passed over. */
  #limited<T>(context: Context, pending: T | PromiseLike<T>, limitMs: number): T | Promise<T> {
    if (!isPromiseLike(pending)) return pending;
    return new Promise((came, failed) => this.#wait(context, pending, limitMs, { came, failed }));
  }

  /** Waits for `pending` as long as it may take; one of the two ends is told, once. */
  #wait<T>(context: Context, pending: PromiseLike<T>, limitMs: number, ends: Ends<T>): void {
    this.#running ??= new Set();
    new LimitedWait(context, limitMs, ends, this.#timeLimits, this.#running).start(pending);
  }
}

/** Whether the toolkit made an error, for one failure and no other. */
function isOurs(error: unknown): error is ZapError {
  return error instanceof UnmeantError || (error instanceof ZapError && error.code === "handler_timeout");
}
