// The one catalogue of errors: a stable code each, and a text that says what to do. Knows nothing of who throws them.

/** Codes of the errors the toolkit itself raises. Applications add their own. */
export type ZapErrorCode =
  | "already_plugged"
  | "cancelled"
  | "closed"
  | "connection_failed"
  | "disconnected"
  | "duplicate_handler"
  | "duplicate_id"
  | "envelope_too_deep"
  | "envelope_too_large"
  | "forbidden"
  | "handler_timeout"
  | "internal"
  | "invalid_argument"
  | "invalid_close_code"
  | "invalid_event_name"
  | "invalid_headers"
  | "invalid_limit"
  | "invalid_payload"
  | "invalid_room_name"
  | "next_called_twice"
  | "not_handled"
  | "reserved_event_name"
  | "timeout"
  | "too_many_requests"
  | "too_many_rooms"
  | "unencodable_payload"
  | "unknown_event"
  | "upgrade_in_use";

/**
 * An error with a stable code. Thrown by the toolkit for the reasons of its catalogue, and by handlers on purpose:
 * only the text and details of a `ZapError` ever reach the peer that asked.
 *
 * @example
 * throw new ZapError("room_full", "The room is full.", { max: 12 });
 */
export class ZapError<Code extends string = string, Details = unknown> extends Error {
  /** Stable and machine-readable, in snake case. */
  readonly code: Code;
  /** What a program needs to act on the error; sent to the requester as it is, so it must be JSON. */
  readonly details: Details | undefined;

  constructor(code: Code, message: string = code, details?: Details, options?: ErrorOptions) {
    super(message, options);
    this.name = "ZapError";
    this.code = code;
    this.details = details;
  }
}

/**
 * An error the toolkit raised, or one a peer reported: nobody here meant it for another peer. Users see a `ZapError`.
 */
export class UnmeantError<Code extends string = string> extends ZapError<Code> {}

type Known = ZapError<ZapErrorCode>;

/** What an error says of itself, for logs and error replies; anything may have been thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export const invalidEventName = (name: unknown): Known =>
  new UnmeantError(
    "invalid_event_name",
    `An event's name is a string of 1 to 128 characters without control characters, not ${describe(name)}.`,
  );

export const reservedEventName = (name: string): Known =>
  new UnmeantError("reserved_event_name", `"${name}" is reserved: choose another name.`);

export const invalidHeaders = (why: string): Known =>
  new UnmeantError("invalid_headers", `Headers cannot be sent: ${why}.`);

export const unencodablePayload = (name: string, cause: unknown): Known =>
  new UnmeantError(
    "unencodable_payload",
    `The payload of "${name}" is not JSON: ${messageOf(cause)}. Send plain data without cycles, functions or BigInt.`,
    undefined,
    { cause },
  );

export const envelopeTooLarge = (name: string, limit: number): Known =>
  new UnmeantError(
    "envelope_too_large",
    `The envelope of "${name}" is over ${limit} bytes: send less at once, or raise limits.envelopeBytes on both ends.`,
  );

export const envelopeTooDeep = (name: string, limit: number): Known =>
  new UnmeantError(
    "envelope_too_deep",
    `The envelope of "${name}" is nested over ${limit} levels: flatten it, or raise limits.depth on both ends.`,
  );

export const invalidLimit = (name: string, value: unknown): Known =>
  new UnmeantError(
    "invalid_limit",
    `limits.${name} cannot be ${describe(value)}: use a known name and a number above 0, or Infinity for none.`,
  );

export const invalidCloseCode = (code: unknown): Known =>
  new UnmeantError(
    "invalid_close_code",
    `${describe(code)} cannot be sent as a close code: use 1000, or 3000 to 4999 for meanings of your own.`,
  );

export const invalidArgument = (what: string): Known => new UnmeantError("invalid_argument", what);

// These, down to the rooms, are told to the requester as they are.

export const invalidPayload = (name: string, issues: unknown): Known =>
  new ZapError("invalid_payload", `The payload of "${name}" does not match its schema.`, { issues });

export const unknownEvent = (name: string): Known =>
  new ZapError("unknown_event", `Nothing here answers "${name}".`, undefined);

export const notHandled = (name: string): Known =>
  new ZapError("not_handled", `A middleware ended "${name}" without calling next().`);

export const forbiddenRoom = (room: string): Known =>
  new ZapError("forbidden", `This connection may not join ${describe(room)}.`);

export const tooManyRooms = (limit: number): Known =>
  new ZapError("too_many_rooms", `A connection can be in ${limit} rooms: leave one, or raise limits.roomsPerConnection.`);

export const invalidRoomName = (room: unknown): Known =>
  new ZapError("invalid_room_name", `A room's name is a string of 1 to 512 characters, not ${describe(room)}.`);

export const nextCalledTwice = (name: string): Known =>
  new UnmeantError("next_called_twice", `A middleware called next() twice for "${name}": call it once.`);

export const handlerTimeout = (name: string, ms: number): Known =>
  new ZapError("handler_timeout", `The handler of "${name}" took over ${ms} ms: see limits.handlerMs.`);

export const duplicateHandler = (name: string, first: string, second: string): Known =>
  new UnmeantError(
    "duplicate_handler",
    `"${name}" has a handler already, from ${first}; a second comes from ${second}. Remove one, or pass { override: true }.`,
  );

export const duplicateId = (id: string): Known =>
  new UnmeantError("duplicate_id", `A connection with the id "${id}" is live already.`);

export const alreadyPlugged = (): Known =>
  new UnmeantError("already_plugged", "This socket is plugged into a register already: plug each socket once.");

export const requestTimeout = (name: string, ms: number): Known =>
  new UnmeantError("timeout", `"${name}" was not answered within ${ms} ms.`);

export const disconnected = (name: string): Known =>
  new UnmeantError("disconnected", `The connection ended before "${name}" was answered.`);

export const cancelled = (name: string, cause: unknown): Known =>
  new UnmeantError("cancelled", `The request "${name}" was cancelled.`, undefined, { cause });

export const tooManyRequests = (name: string, limit: number): Known =>
  new UnmeantError(
    "too_many_requests",
    `"${name}" was not sent: ${limit} requests to this peer wait for an answer already.`,
  );

export const connectionFailed = (url: string, cause?: unknown): Known =>
  new UnmeantError(
    "connection_failed",
    `No connection to ${url}: ${cause === undefined ? "refused or unreachable" : messageOf(cause)}.`,
    undefined,
    { cause },
  );

export const clientClosed = (): Known => new UnmeantError("closed", "The client is closed: call connect() first.");

export const upgradeInUse = (path: string): Known =>
  new UnmeantError("upgrade_in_use", `"${path}" of this server has a register already: attach each path once.`);

function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 64 ? `${value.slice(0, 64)}…` : value);
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
