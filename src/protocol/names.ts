// Says which event names exist, which are reserved and for whom. Knows nothing of handlers.

/** Events the library raises about a connection; no frame from a client can (PROTOCOL.md, "Reserved names"). */
export const LIFECYCLE_EVENTS = ["connected", "disconnected", "error"] as const;

/** The name of a lifecycle event. */
export type LifecycleEventName = (typeof LIFECYCLE_EVENTS)[number];

/** Names that start with this belong to the toolkit. */
export const CONTROL_PREFIX = "zap:";

const LIFECYCLE: readonly string[] = LIFECYCLE_EVENTS;

// Without control characters and lone surrogates: neither can be logged, compared or shown without surprises.
const PRINTABLE = /^[^\p{Cc}\p{Cs}]+$/u;

/** Whether `name` is raised by the library itself. */
export function isLifecycleEvent(name: string): name is LifecycleEventName {
  return LIFECYCLE.includes(name);
}

/** Whether a client may not send `name` as an event of its own: lifecycle events and everything under `zap:`. */
export function isReservedName(name: string): boolean {
  return isLifecycleEvent(name) || name.startsWith(CONTROL_PREFIX);
}

/**
 * Whether `name` can be an event's name: 1 to `nameLength` UTF-16 code units, without control characters or lone
 * surrogates.
 */
export function isEventName(name: unknown, nameLength: number): name is string {
  return typeof name === "string" && name.length <= nameLength && PRINTABLE.test(name);
}

/** The subprotocol a client offers next to a token, and the only one a server selects. */
export const SUBPROTOCOL = "zap.v1";
