// Holds handlers and middleware, knows the contract, plugs sockets. Opens none, and does not know how connections are
// kept: the router is handed in by the public class over this one.
import type { Clock } from "../protocol/clock.ts";
import { CloseCode } from "../protocol/close-codes.ts";
import { type ContractShape, definitionsOf } from "../protocol/contract.ts";
import type { EventName } from "../protocol/contract-types.ts";
import { duplicateId, invalidArgument, type ZapError } from "../protocol/errors.ts";
import type { Limits } from "../protocol/limits.ts";
import type { LifecycleEventName } from "../protocol/names.ts";
import type { AdmissionRequest } from "./admission.ts";
import { type Admission, Admitted, type RejectionReason } from "./admission-verdict.ts";
import type { Authenticate } from "./authentication.ts";
import { type Authorize, authorizing } from "./authorize.ts";
import { callSite } from "./call-site.ts";
import { handlersOf } from "./class-handlers.ts";
import type { Middleware } from "./compose.ts";
import type { AnyConnections, Connections, ConnectionTable } from "./connections.ts";
import type { Handler } from "./context.ts";
import { Counters, type RegisterStats } from "./counters.ts";
import { SharedTimeLimits } from "./deadlines.ts";
import { type CloseOptions, drain } from "./drain.ts";
import type { Engine } from "./engine.ts";
import { entranceOptions } from "./entrance-options.ts";
import { EventGroup } from "./event-group.ts";
import { type AnyProcessor, EventProcessor } from "./event-processor.ts";
import { type HandlerOptions, HandlerTable } from "./handler-table.ts";
import { Heartbeat, type Watched } from "./heartbeat.ts";
import { newConnectionId } from "./ids.ts";
import { type Logger, stderrLogger } from "./logger.ts";
import { masking } from "./masking.ts";
import type { MergeableInto } from "./merge-types.ts";
import type { Broker } from "./nodes.ts";
import type { PlugOptions } from "./plug-options.ts";
import type { RoomHooks } from "./room.ts";
import { sparingly } from "./sparingly.ts";
import { systemClock } from "./system-clock.ts";
import { atEndOfTick } from "./tick.ts";
import type { Handshake, Transport } from "./transport.ts";
import { linkOf } from "./websocket-connection.ts";

export type { PlugOptions } from "./plug-options.ts";

/** Everything about a register that can be set. */
export interface RegisterOptions<C, S> extends RoomHooks<C, S> {
  /** Changes to {@link DEFAULT_LIMITS}. */
  readonly limits?: Partial<Limits>;
  /** Origins of browsers that may connect besides the server's own; `"*"` for all. Default: none. */
  readonly origins?: readonly string[];
  /**
   * Says who asks to connect, before the upgrade is accepted where the connector can. Default: nobody is asked, and
   * `connection.principal` is undefined.
   */
  readonly authenticate?: Authenticate;
  /**
   * Whether peers that bring no token are let in to send it in `zap:auth`, as their first event, within
   * `limits.authenticationMs`. Default: false, they are refused with 401.
   */
  readonly authenticateLater?: boolean;
  /** Asked before each event, outermost. Anything but true refuses it with `forbidden`. Default: every event may. */
  readonly authorize?: Authorize<C, S>;
  /** Addresses and networks (`"10.0.0.0/8"`) of proxies whose `X-Forwarded-For` is believed. Default: none. */
  readonly trustedProxies?: readonly string[];
  /** Events of one connection that may be at work at once, 1 or more. Default: 1, which keeps them in order. */
  readonly concurrency?: number;
  /** Makes the `state` of a new connection. Default: an empty object. */
  readonly state?: () => S;
  /** Where refused frames and the like are reported; a pino logger fits. Default: one line each on stderr. */
  readonly logger?: Logger;
  /** Told of errors that no `error` handler took, and of errors of `error` handlers. Default: one line on stderr. */
  readonly onInternalError?: (error: unknown, eventName: string) => void;
  /** Joins the rooms of several processes. Default: none, and the rooms end at this process. */
  readonly broker?: Broker;
  /**
   * Told what could not be sent to, or read from, other nodes; connections of this node have got what was for them.
   * Default: the logger, at most one line in 5 seconds.
   */
  readonly onBrokerError?: (error: ZapError) => void;
  /** Where time comes from; for tests. */
  readonly clock?: Clock;
}

/** Anything sockets can be plugged into, whatever its contract: what connectors ask for. */
export interface Pluggable<P extends AnyProcessor> {
  readonly limits: Limits;
  admit(request: AdmissionRequest): Admission | Promise<Admission>;
  plug(transport: Transport, handshake: Handshake | Admitted, options?: PlugOptions): P;
}

/** The register without its router; users get it with one, as `EventRegister`. */
export abstract class RegisterBase<C, S> {
  /** The limits in force. */
  readonly limits: Limits;
  readonly #handlers: HandlerTable;
  readonly #counters = new Counters();
  readonly #engine: Engine;
  #createState: () => unknown;
  #closing: Promise<void> | undefined;

  protected constructor(
    contract: ContractShape | undefined,
    options: RegisterOptions<C, S>,
    limits: Limits,
    connections: AnyConnections & ConnectionTable,
  ) {
    const logger = masking(options.logger ?? stderrLogger);
    this.limits = limits;
    this.#createState = options.state ?? (() => ({}));
    const definitions = contract === undefined ? undefined : definitionsOf(contract.clientToServer);
    this.#handlers = new HandlerTable(definitions, this.limits);
    if (options.authorize !== undefined) this.#handlers.use(undefined, authorizing(options.authorize));
    const clock = options.clock ?? systemClock;
    const report = guarded(sparingly(logger, clock, "authenticate failed"));
    const count = (reason: RejectionReason) => this.#counters.countRejected(reason);
    this.#engine = {
      ...entranceOptions(options, { limits, clock, count, report: (error) => report(error, "connected") }),
      limits: this.limits,
      clock,
      logger,
      counters: this.#counters,
      handlers: this.#handlers,
      connections,
      processors: new Set(),
      heartbeat: new Heartbeat(clock, limits, () => linksOf(connections)),
      timeLimits: new SharedTimeLimits(clock),
      outgoing: definitionsOf(contract?.serverToClient),
      concurrency: checkedConcurrency(options.concurrency ?? 1),
      createState: () => this.#createState(),
      told: new WeakSet(),
      onInternalError: guarded(options.onInternalError ?? ((error, event) => logger.error({ event, error }, "error"))),
    };
    connections.reportTo((error, eventName) => this.#reportUnlessTold(error, eventName));
  }

  /** All live connections. */
  abstract get connections(): Connections<C, S>;

  /** What there is now, and what has been counted since the register was made. */
  stats(): RegisterStats {
    const gauges = { connections: this.#engine.connections.size, pending: 0, bufferedBytes: 0 };
    for (const connection of this.#engine.connections.live()) {
      const { outbox, waiting } = linkOf(connection);
      gauges.pending += waiting;
      gauges.bufferedBytes += outbox.bufferedBytes;
    }
    return this.#counters.snapshot(gauges);
  }

  /**
   * Registers the handler of an event. `connected`, `disconnected` and `error` are raised by the library, never by a
   * frame, and may have several handlers; any other event has one.
   *
   * @returns A function that takes the handler out again.
   * @throws {ZapError} `duplicate_handler`, which names both places; `invalid_event_name`; `invalid_argument` for
   *   reserved names and for names the contract does not know.
   *
   * @example
   * register.onEvent("hello", async ({ connection, payload }) => {
   *   await connection.send("hello", "HELLO FROM SERVER !!!");
   * });
   */
  onEvent<K extends EventName<C, "clientToServer"> | LifecycleEventName>(
    eventName: K,
    // The name says which event. To infer from the handler, too, takes a walk through the contract for each.
    handler: NoInfer<Handler<C, K, S>>,
    options: HandlerOptions = {},
  ): () => void {
    return this.#handlers.add(eventName, handler, options, callSite(this.onEvent));
  }

  /**
   * Adds middleware. It runs around the handlers of all events and around `connected`, where refusing, or not calling
   * `next()`, closes the connection with 4403; with a name, or a prefix such as `"chat:*"`, only around the events meant.
   */
  use(middleware: Middleware<C, S>): this;
  use(scope: EventName<C, "clientToServer"> | `${string}*`, middleware: Middleware<C, S>): this;
  use(...given: [Middleware<C, S>] | [string, Middleware<C, S>]): this {
    const [scope, middleware] = given.length === 1 ? [undefined, given[0]] : given;
    this.#handlers.use(scope, middleware);
    return this;
  }

  /**
   * Registers the methods of `instance` that `@on(name)` of `zaptools/decorators` marks, all of them or none. They are
   * called with `this` bound.
   *
   * @throws {ZapError} `invalid_argument` when none is marked; `duplicate_handler`, which names both places; otherwise as
   *   {@link onEvent}.
   *
   * @example
   * register.add(new Chat());
   */
  add(instance: object): this {
    const removals: (() => void)[] = [];
    try {
      for (const { eventName, handler, options, place } of handlersOf(instance)) {
        removals.push(this.#handlers.add(eventName, handler, options, place));
      }
    } catch (error) {
      for (const remove of removals) remove();
      throw error;
    }
    return this;
  }

  /** A view of the events under a prefix, with middleware of their own. */
  group<P extends string>(prefix: P): EventGroup<C, S, P> {
    return new EventGroup(this.#handlers, prefix);
  }

  /**
   * Takes over all handlers that `other` has now. Its events are among those of this register's contract. Its
   * middleware comes along and runs inside the middleware of this register.
   *
   * @throws {ZapError} `duplicate_handler`, unless `{ override: true }`.
   */
  merge<D, T>(
    other: MergeableInto<C, S, D, T> & RegisterBase<D, T>,
    options: Pick<HandlerOptions, "override"> = {},
  ): this {
    this.#handlers.merge(other.#handlers, options);
    return this;
  }

  /**
   * Judges a request to connect before it is upgraded. For connectors, which then refuse it with what a `Rejected` says,
   * or select the subprotocol of an `Admitted` and plug the socket in with it.
   *
   * @returns A promise only where `authenticate` is asked; it never rejects.
   */
  admit(request: AdmissionRequest): Admission | Promise<Admission> {
    return this.#engine.door.admit(request);
  }

  /**
   * Plugs in one socket, through its transport. For connectors: users call the connector of their framework.
   *
   * @param asking - What `admit` let in; or what is known of a request that was upgraded without asking: then it is
   *   judged now, nothing is handled before, and who may not connect is closed.
   * @throws {ZapError} `duplicate_id` when a live connection has the given id; the socket has been closed with 4409.
   */
  plug(transport: Transport, asking: Handshake | Admitted, options: PlugOptions = {}): EventProcessor<C, S> {
    const id = options.resume?.id ?? options.id ?? newConnectionId();
    if (this.connections.get(id) !== undefined) {
      transport.close(CloseCode.takenOver, "connection id in use");
      if (asking instanceof Admitted) asking.abandon();
      throw duplicateId(id);
    }
    return new EventProcessor(this.#engine, transport, asking, id, options);
  }

  /** Refuses new connections with 503 and drains the live ones. Resolves when the last has ended. */
  close({ drain: windowMs = 0 }: CloseOptions = {}): Promise<void> {
    const { door, processors, clock } = this.#engine;
    door.close();
    this.#closing ??= drain(processors, { windowMs, handlerMs: this.limits.handlerMs, clock });
    return this.#closing;
  }

  /** A broadcast failed. A handler that waited for it has its `error` handlers told within this tick. */
  #reportUnlessTold(error: object, eventName: string): void {
    const { told, onInternalError } = this.#engine;
    atEndOfTick({
      flush: () => {
        if (!told.has(error)) onInternalError(error, eventName);
      },
    });
  }

  protected setState(create: () => unknown): void {
    this.#createState = create;
  }
}

function checkedConcurrency(concurrency: number): number {
  if (concurrency >= 1) return concurrency;
  throw invalidArgument(`concurrency is a number of events, 1 or more, not ${concurrency}.`);
}

function* linksOf(connections: ConnectionTable): Iterable<Watched> {
  for (const connection of connections.live()) yield linkOf(connection);
}

function guarded(hook: (error: unknown, eventName: string) => void): (error: unknown, eventName: string) => void {
  return (error, eventName) => {
    try {
      hook(error, eventName);
    } catch {
      // A hook that throws has nobody left to tell.
    }
  };
}
