// What both ends agreed on: events by direction. Declares and reads contracts; the checking of payloads is elsewhere.
import { invalidArgument, invalidEventName } from "./errors.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { CONTROL_PREFIX, isEventName, isReservedName } from "./names.ts";
import type { StandardSchema } from "./standard-schema.ts";

/** An event that is answered. */
export interface RequestDefinition {
  /** The payload of the request. */
  readonly request: StandardSchema;
  /** The payload of the answer. */
  readonly reply: StandardSchema;
  /** Failures that are part of the contract, by code, with the details each carries. */
  readonly errors?: { readonly [code: string]: StandardSchema };
}

/** How a contract describes one event: by the schema of its payload, or as a request. */
export type EventDefinition = StandardSchema | RequestDefinition;

/** The events of one direction, by name. */
export interface EventDefinitions {
  readonly [eventName: string]: EventDefinition;
}

/** The events of both directions. */
export interface ContractShape {
  readonly clientToServer?: EventDefinitions;
  readonly serverToClient?: EventDefinitions;
}

const TYPE_ONLY: StandardSchema = Object.freeze({
  "~standard": Object.freeze({
    version: 1 as const,
    vendor: "zaptools",
    validate: (value: unknown) => ({ value }),
  }),
});

/** What arrives when a `T` is sent: `undefined` does as `null` (PROTOCOL.md, "Envelope"). */
export type Arriving<T> = undefined extends T ? Exclude<T, undefined> | null : T;

/**
 * A payload that is known to the compiler only: nothing is checked at run time, and nothing is paid.
 *
 * @example
 * defineEvents({ clientToServer: { typing: type<{ room: string }>() } });
 */
export function type<T>(): StandardSchema<T, Arriving<T>> {
  return TYPE_ONLY as StandardSchema<T, Arriving<T>>;
}

/** Whether `schema` came from {@link type}, so that there is nothing to validate. */
export function isTypeOnly(schema: StandardSchema): boolean {
  return schema === TYPE_ONLY;
}

/** Whether an event is declared with a reply. */
export function isRequestDefinition(definition: EventDefinition): definition is RequestDefinition {
  return !("~standard" in definition);
}

/**
 * Declares the events of both directions, once, for both ends.
 *
 * @returns The contract itself, with the names as literal types.
 * @throws {ZapError} `invalid_event_name` for a name that no frame could carry; `invalid_argument` for one that is
 *   reserved, and for a definition that is neither a schema nor a request and its reply.
 *
 * @example
 * export const chat = defineEvents({
 *   clientToServer: { "room:join": { request: v.object({ room: v.string() }), reply: v.array(v.string()) } },
 *   serverToClient: { "chat:said": v.object({ from: v.string(), text: v.string() }) },
 * });
 */
export function defineEvents<const C extends ContractShape>(contract: C): C {
  for (const direction of ["clientToServer", "serverToClient"] as const) {
    for (const [name, definition] of Object.entries(contract[direction] ?? {})) {
      if (!isEventName(name, DEFAULT_LIMITS.nameLength)) throw invalidEventName(name);
      // Without this, an event whose schema was forgotten would pass unchecked.
      if (!isDefinition(definition)) throw invalidArgument(`"${name}" needs a schema, or a request and a reply.`);
      // A server may send lifecycle names as events (the Python family does), but nobody can ask for their answer.
      const reserved =
        direction === "clientToServer" || isRequestDefinition(definition)
          ? isReservedName(name)
          : name.startsWith(CONTROL_PREFIX);
      if (reserved) throw invalidArgument(`"${name}" is reserved: choose another name.`);
    }
  }
  return contract;
}

function isDefinition(definition: unknown): boolean {
  if (isSchema(definition)) return true;
  if (typeof definition !== "object" || definition === null) return false;
  const { request, reply, errors = {} }: { request?: unknown; reply?: unknown; errors?: object } = definition;
  return [request, reply, ...Object.values(errors)].every(isSchema);
}

function isSchema(value: unknown): boolean {
  return ((typeof value === "object" && value !== null) || typeof value === "function") && "~standard" in value;
}

/** The definitions of one direction as a map: outside text is looked up in it. */
export function definitionsOf(definitions: EventDefinitions | undefined): ReadonlyMap<string, EventDefinition> {
  return new Map(Object.entries(definitions ?? {}));
}
