// A view of a register in which a prefix goes without saying. Holds nothing itself.
import type { EventName } from "../protocol/contract-types.ts";
import { callSite } from "./call-site.ts";
import type { Middleware } from "./compose.ts";
import type { Handler } from "./context.ts";
import type { HandlerOptions, HandlerTable } from "./handler-table.ts";

/** What is left of the names under a prefix; any name where there is no contract. */
export type GroupName<C, P extends string> =
  EventName<C, "clientToServer"> extends infer K
    ? string extends K
      ? string
      : K extends `${P}${infer Rest}`
        ? Rest
        : never
    : never;

/**
 * The events of a register whose names begin with the same prefix.
 *
 * @example
 * const chat = register.group("chat:");
 * chat.use(onlyMembers);
 * chat.onEvent("say", ({ payload }) => {});   // the event "chat:say"
 */
export class EventGroup<C, S, P extends string> {
  readonly #handlers: HandlerTable;
  readonly #prefix: P;

  /** Groups are made by `register.group(prefix)`. */
  constructor(handlers: HandlerTable, prefix: P) {
    this.#handlers = handlers;
    this.#prefix = prefix;
  }

  /** Registers the handler of the event with the prefix before `name`. Otherwise as `register.onEvent`. */
  onEvent<K extends GroupName<C, P> & string>(
    name: K,
    // The name says which event. To infer from the handler, too, takes a walk through the contract for each.
    handler: NoInfer<Handler<C, `${P}${K}`, S>>,
    options: HandlerOptions = {},
  ): () => void {
    return this.#handlers.add(this.#prefix + name, handler, options, callSite(this.onEvent));
  }

  /** Adds middleware for all events of the group. */
  use(middleware: Middleware<C, S>): this {
    this.#handlers.use(`${this.#prefix}*`, middleware);
    return this;
  }

  /** A group within the group. */
  group<Q extends string>(prefix: Q): EventGroup<C, S, `${P}${Q}`> {
    return new EventGroup(this.#handlers, `${this.#prefix}${prefix}`);
  }
}
