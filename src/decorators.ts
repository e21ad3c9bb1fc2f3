// Marks methods as handlers of events, for both kinds of decorators. Registers nothing: `register.add(instance)` does.
import { callSite } from "./core/call-site.ts";
import { markMethod } from "./core/class-handlers.ts";
import type { DefaultState, Handler } from "./core/context.ts";
import type { HandlerOptions } from "./core/handler-table.ts";
import type { EventName } from "./protocol/contract-types.ts";
import { invalidArgument } from "./protocol/errors.ts";
import type { LifecycleEventName } from "./protocol/names.ts";

export type { HandlerOptions } from "./core/handler-table.ts";

/** What the standard kind tells of a method; private and static ones cannot be handlers. */
export type HandlerMethodContext = ClassMethodDecoratorContext & { readonly private: false; readonly static: false };

/** A decorator for the handler of event `K`. The method's context must be that event's; a method may take none. */
export interface NamedDecorator<K extends string> {
  <M extends AnyMethod>(value: M & ForEvent<K, M>, context: HandlerMethodContext): void;
  <M extends AnyMethod>(
    prototype: object,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<M & ForEvent<K, M>>,
  ): void;
}

/** A decorator for methods that can stand in for the handler `H`. */
export interface HandlerDecorator<H> {
  (value: H, context: HandlerMethodContext): void;
  <M extends H>(prototype: object, key: string | symbol, descriptor: TypedPropertyDescriptor<M>): void;
}

/** {@link on} with the contract known: names, contexts and replies are checked where the method is declared. */
export type OnOf<C, S = DefaultState> = <K extends EventName<C, "clientToServer"> | LifecycleEventName>(
  eventName: K,
  options?: HandlerOptions,
) => HandlerDecorator<Handler<C, K, S>>;

type AnyMethod = (context: never) => unknown;

type ForEvent<K extends string, M> = M extends (context: infer Taken) => unknown
  ? Taken extends { readonly eventName: infer N }
    ? K extends N
      ? unknown
      : { readonly "The method's context is of another event": N }
    : unknown
  : never;

/** What is needed of either kind's second argument. */
type MethodContext = Pick<ClassMethodDecoratorContext, "kind" | "name" | "static" | "access" | "addInitializer">;

/**
 * Marks a method as the handler of an event, with the standard decorators and with the legacy ones
 * (`experimentalDecorators`). Instances are registered with `register.add`. A method may have several marks; one that a
 * subclass overrides keeps them.
 *
 * @param options - As for `register.onEvent`.
 * @throws {ZapError} `invalid_argument` on anything that is not a method of instances: on a field, a getter, a static
 *   method, or when written without a name.
 *
 * @example
 * class Chat {
 *   @on("chat:say")
 *   say({ connections, payload }: EventContext<typeof chat, "chat:say">) {
 *     connections.broadcast("chat:said", payload);
 *   }
 * }
 * register.add(new Chat());
 */
export function on<K extends string>(eventName: K, options: HandlerOptions = {}): NamedDecorator<K> {
  if (typeof eventName !== "string") throw invalidArgument('@on needs the event\'s name: @on("chat:say").');
  const place = callSite(on);
  return (target: object, second: MethodContext | string | symbol) => {
    if (typeof second === "object") markStandard(second, { eventName, options, place });
    else markLegacy(target, second, { eventName, options, place });
  };
}

/**
 * {@link on} for one contract: a name that the contract does not know, a context of another event and a wrong reply
 * are compile errors. At run time it is `on` itself.
 *
 * @typeParam C - The contract: `typeof chat`.
 * @typeParam S - The type of `connection.state`, where the register has one set.
 *
 * @example
 * const on = onFor<typeof chat>();
 * class Rooms {
 *   @on("room:list") list() { return ["lobby"]; }
 * }
 */
export function onFor<C, S = DefaultState>(): OnOf<C, S> {
  return on;
}

interface Declared {
  readonly eventName: string;
  readonly options: HandlerOptions;
  readonly place: string;
}

function markStandard(context: MethodContext, declared: Declared): void {
  if (context.kind !== "method" || context.static) throw notAMethod(declared);
  const { name: key, access } = context;
  // The class does not exist yet; its instances introduce themselves when they are made.
  context.addInitializer(function (this: unknown) {
    if (isObject(this)) markMethod(this, { ...declared, key, get: (instance) => access.get(instance) });
  });
}

function markLegacy(prototype: object, key: PropertyKey, declared: Declared): void {
  const method: unknown = Object.getOwnPropertyDescriptor(prototype, key)?.value;
  if (typeof prototype === "function" || typeof method !== "function") throw notAMethod(declared);
  markMethod(prototype, { ...declared, key, get: (instance) => Reflect.get(instance, key) });
}

function notAMethod({ eventName, place }: Declared): Error {
  return invalidArgument(`@on("${eventName}") marks methods of instances, and nothing else (${place}).`);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
