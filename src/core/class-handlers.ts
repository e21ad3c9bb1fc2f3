// Remembers which methods of a class handle which events, and reads it back. Knows no register and no decorators.
import { duplicateHandler, invalidArgument } from "../protocol/errors.ts";
import { isLifecycleEvent } from "../protocol/names.ts";
import type { HandlerOptions } from "./handler-table.ts";

/** One method that handles one event. */
export interface MethodMark {
  readonly eventName: string;
  readonly options: HandlerOptions;
  /** The method's name. */
  readonly key: PropertyKey;
  /** Where in the application it was marked. */
  readonly place: string;
  /** The method as `instance` has it, overridden or not. */
  readonly get: (instance: object) => unknown;
}

/** A marked method, ready to be registered. */
export interface ClassHandler {
  readonly eventName: string;
  readonly options: HandlerOptions;
  readonly place: string;
  /** The method, bound to its instance. */
  readonly handler: Function;
}

// By prototype where the decorator is told of it (legacy), by instance where it is not (standard).
const marks = new WeakMap<object, MethodMark[]>();

/** Notes that a method handles an event. `owner` is the prototype it is declared on, or an instance. */
export function markMethod(owner: object, mark: MethodMark): void {
  const known = marks.get(owner);
  if (known === undefined) marks.set(owner, [mark]);
  else known.push(mark);
}

/**
 * The handlers an instance brings along, those of its base classes first. A method that a subclass overrides keeps its
 * events; the overriding one runs.
 *
 * @throws {ZapError} `invalid_argument` when there are none, or when a marked method is not a function;
 *   `duplicate_handler` when two methods handle one event.
 */
export function handlersOf(instance: object): readonly ClassHandler[] {
  const marked = marksOf(instance);
  if (marked.size === 0) throw invalidArgument(nothingMarked(instance));
  const owners = new Map<string, string>();
  return [...marked.values()].map(({ eventName, options, key, place: site, get }) => {
    const place = `${className(instance)}.${String(key)} (${site})`;
    const earlier = owners.get(eventName);
    if (earlier !== undefined && !isLifecycleEvent(eventName)) throw duplicateHandler(eventName, earlier, place);
    owners.set(eventName, place);
    const method = get(instance);
    if (typeof method !== "function") throw invalidArgument(`${place} is not a method.`);
    return { eventName, options, place, handler: method.bind(instance) };
  });
}

/** All marks of an instance by method and event: a mark that a subclass repeats takes the place of the first. */
function marksOf(instance: object): ReadonlyMap<string, MethodMark> {
  const found: MethodMark[] = [];
  for (let owner: object | null = instance; owner !== null; owner = Object.getPrototypeOf(owner)) {
    found.unshift(...(marks.get(owner) ?? []));
  }
  return new Map(found.map((mark) => [`${String(mark.key)}\n${mark.eventName}`, mark]));
}

function nothingMarked(instance: object): string {
  const todo = 'mark the methods that handle events with @on("name")';
  if (typeof instance === "function") return "add() takes an instance, not a class: register.add(new Chat()).";
  return `${className(instance)} handles nothing: ${todo} from zaptools/decorators.`;
}

function className(instance: object): string {
  return instance.constructor?.name || "The object";
}
