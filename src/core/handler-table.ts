// Which handler runs for which event, and through which middleware. Runs nothing itself.
import { type EventDefinition, isRequestDefinition, isTypeOnly } from "../protocol/contract.ts";
import { duplicateHandler, invalidArgument, invalidEventName } from "../protocol/errors.ts";
import type { Limits } from "../protocol/limits.ts";
import { isEventName, isLifecycleEvent, isReservedName, type LifecycleEventName } from "../protocol/names.ts";
import type { StandardSchema } from "../protocol/standard-schema.ts";
import { type AnyMiddleware, compose, type Run } from "./compose.ts";
import { BURST_SECONDS } from "./rate-limits.ts";

/** How a handler is registered. */
export interface HandlerOptions {
  /** Takes the place of an earlier handler instead of being refused. Default: false. */
  readonly override?: boolean;
  /** Milliseconds this handler may take. Default: `limits.handlerMs`. */
  readonly handlerMs?: number;
  /** How many events one of these counts for against `limits.eventsPerSecond`. Default: 1. */
  readonly cost?: number;
}

/** A handler and all that is known of it. */
export interface Registration {
  readonly eventName: string;
  readonly handler: Run;
  /** Where it was registered. */
  readonly place: string;
  readonly handlerMs: number | undefined;
  readonly cost: number;
  /** What its payload is checked with. */
  readonly schema: StandardSchema | undefined;
  /** Middleware that came along with a merged register, after that of this one. */
  readonly inner: readonly AnyMiddleware[];
  /** Middleware and handler in one; made when the first event comes. */
  run: Run | undefined;
}

/** The limits that matter here. */
type TableLimits = Pick<Limits, "nameLength" | "eventsPerSecond">;

interface Scoped {
  /** Where it applies: everywhere, under a prefix, or to one name. */
  readonly applies: (eventName: string) => boolean;
  readonly middleware: AnyMiddleware;
}

/** The handlers and middleware of one register. */
export class HandlerTable {
  readonly #definitions: ReadonlyMap<string, EventDefinition> | undefined;
  readonly #limits: TableLimits;
  readonly #events = new Map<string, Registration>();
  readonly #lifecycle: Record<LifecycleEventName, Run[]> = { connected: [], disconnected: [], error: [] };
  readonly #middleware: Scoped[] = [];

  #hasCosts = false;

  /** @param definitions - What the contract lets clients send; any name where there is none. */
  constructor(definitions: ReadonlyMap<string, EventDefinition> | undefined, limits: TableLimits) {
    this.#definitions = definitions;
    this.#limits = limits;
  }

  /** Whether anything runs when a connection starts. */
  get watchesConnections(): boolean {
    return this.#lifecycle.connected.length > 0 || this.#middlewareOf("").length > 0;
  }

  /** How many events one of this name counts for. */
  costOf(eventName: string): number {
    // Most applications have none that costs more: theirs are not looked up twice.
    return this.#hasCosts ? (this.#events.get(eventName)?.cost ?? 1) : 1;
  }

  /** The handler of an event. */
  get(eventName: string): Registration | undefined {
    return this.#events.get(eventName);
  }

  /** The handlers of a lifecycle event, in the order they were registered. */
  lifecycle(eventName: LifecycleEventName): readonly Run[] {
    return this.#lifecycle[eventName];
  }

  /**
   * Registers a handler. @returns A function that takes it out again.
   *
   * @throws {ZapError} `invalid_event_name`, `duplicate_handler`, or `invalid_argument` for a reserved name, a name
   *   the contract does not know and a handler that is not a function.
   */
  add(eventName: string, handler: unknown, options: HandlerOptions, place: string): () => void {
    if (!isEventName(eventName, this.#limits.nameLength)) throw invalidEventName(eventName);
    if (!isCallable<Run>(handler)) throw invalidArgument(`The handler of "${eventName}" is not a function.`);
    if (isLifecycleEvent(eventName)) return this.#addLifecycle(eventName, handler);
    if (isReservedName(eventName)) throw invalidArgument(`"${eventName}" is reserved: no client can send it.`);
    const schema = this.#schemaOf(eventName);
    const { handlerMs, cost = 1 } = options;
    if (handlerMs !== undefined && !(handlerMs > 0)) throw invalidArgument("handlerMs is a number above 0.");
    // What costs more than the burst would never get through.
    const most = Math.max(1, this.#limits.eventsPerSecond * BURST_SECONDS);
    if (!(cost >= 1 && cost <= most)) throw invalidArgument(`The cost of "${eventName}" is a number of 1 to ${most}.`);
    return this.#put({ eventName, handler, place, handlerMs, cost, schema, inner: [], run: undefined }, options);
  }

  /** Adds middleware: for every event, for a prefix (`"chat:*"`) or for one event. */
  use(scope: string | undefined, middleware: unknown): void {
    if (!isCallable<AnyMiddleware>(middleware)) throw invalidArgument("A middleware is a function (context, next).");
    this.#middleware.push({ applies: matcherOf(scope), middleware });
    for (const registration of this.#events.values()) registration.run = undefined;
  }

  /**
   * Takes over what `other` holds now, all of it or nothing: its handlers keep their own middleware, inside that of
   * this table. Payloads are checked with the contract of this table, where it has one.
   *
   * @throws {ZapError} `duplicate_handler`, or `invalid_argument` for a name the contract does not know.
   */
  merge(other: HandlerTable, options: HandlerOptions): void {
    const taken = [...other.#events.values()].map((theirs) => {
      if (options.override !== true) this.#refuseSecond(theirs);
      const inner = [...other.#middlewareOf(theirs.eventName), ...theirs.inner];
      const schema = this.#definitions === undefined ? theirs.schema : this.#schemaOf(theirs.eventName);
      return { ...theirs, inner, schema, run: undefined };
    });
    for (const registration of taken) this.#events.set(registration.eventName, registration);
    this.#hasCosts ||= other.#hasCosts;
    for (const name of ["connected", "disconnected", "error"] as const) {
      this.#lifecycle[name].push(...other.#lifecycle[name]);
    }
  }

  /** Middleware and handler of a registration as one function. */
  runOf(registration: Registration): Run {
    registration.run ??= compose(
      [...this.#middlewareOf(registration.eventName), ...registration.inner],
      registration.handler,
    );
    return registration.run;
  }

  /** `handler` within the middleware that apply to every event: what runs when a connection starts. */
  compose(handler: Run): Run {
    return compose(this.#middlewareOf(""), handler);
  }

  #put(registration: Registration, options: HandlerOptions): () => void {
    const { eventName } = registration;
    if (options.override !== true) this.#refuseSecond(registration);
    this.#hasCosts ||= registration.cost > 1;
    this.#events.set(eventName, registration);
    return () => {
      if (this.#events.get(eventName) === registration) this.#events.delete(eventName);
    };
  }

  #refuseSecond({ eventName, place }: Registration): void {
    const earlier = this.#events.get(eventName);
    if (earlier !== undefined) throw duplicateHandler(eventName, earlier.place, place);
  }

  #schemaOf(eventName: string): StandardSchema | undefined {
    if (this.#definitions === undefined) return undefined;
    const definition = this.#definitions.get(eventName);
    if (definition !== undefined) return payloadSchema(definition);
    throw invalidArgument(`"${eventName}" is not in the contract: add it to clientToServer.`);
  }

  #addLifecycle(eventName: LifecycleEventName, handler: Run): () => void {
    // Wrapped, so that the same function registered twice can be taken out once.
    const entry: Run = (context) => handler(context);
    this.#lifecycle[eventName].push(entry);
    return () => {
      this.#lifecycle[eventName] = this.#lifecycle[eventName].filter((one) => one !== entry);
    };
  }

  #middlewareOf(eventName: string): AnyMiddleware[] {
    return this.#middleware.filter(({ applies }) => applies(eventName)).map(({ middleware }) => middleware);
  }
}

function payloadSchema(definition: EventDefinition): StandardSchema | undefined {
  const schema = isRequestDefinition(definition) ? definition.request : definition;
  return isTypeOnly(schema) ? undefined : schema;
}

function matcherOf(scope: string | undefined): (eventName: string) => boolean {
  if (scope === undefined) return () => true;
  if (!scope.endsWith("*")) return (eventName) => eventName === scope;
  const prefix = scope.slice(0, -1);
  return (eventName) => eventName.startsWith(prefix);
}

// What handlers and middleware take was checked by the compiler, against the contract, where they were written.
function isCallable<F extends (...given: never) => unknown>(value: unknown): value is F {
  return typeof value === "function";
}
