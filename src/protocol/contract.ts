// What both ends agreed on: events by direction. Reads contracts; declaring them and checking payloads is elsewhere.
import { invalidArgument } from "./errors.ts";
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

/** The definitions of one direction as a map: outside text is looked up in it. */
export function definitionsOf(definitions: EventDefinitions | undefined): ReadonlyMap<string, EventDefinition> {
  return new Map(Object.entries(definitions ?? {}));
}

/**
 * Refuses what is no contract: anything but the two directions is a slip of the hand, such as options in its place.
 *
 * @throws {ZapError} `invalid_argument`
 */
export function assertContract(contract: ContractShape): void {
  const stranger = Object.keys(contract).find((key) => key !== "clientToServer" && key !== "serverToClient");
  if (stranger === undefined) return;
  throw invalidArgument(
    `A contract has clientToServer and serverToClient, not "${stranger}". Options come second: new EventRegister(undefined, { … }).`,
  );
}
