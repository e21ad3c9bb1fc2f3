// The one catalogue of errors: a stable code each, and a text that says what to do. Knows nothing of who throws them.

/** Codes of the errors the toolkit itself raises. Applications add their own. */
export type ZapErrorCode =
  | "already_plugged"
  | "bad_envelope"
  | "broker_in_use"
  | "broker_overloaded"
  | "broker_unavailable"
  | "cancelled"
  | "closed"
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
  | "not_carried"
  | "not_handled"
  | "queue_full"
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
  // Declared, not defined: the constructor sets them, and everybody loads this class.
  /** Stable and machine-readable, in snake case. */
  declare readonly code: Code;
  /** What a program needs to act on the error; sent to the requester as it is, so it must be JSON. */
  declare readonly details: Details | undefined;

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

/** What an error says of itself, for logs and error replies; anything may have been thrown. Never throws. */
export function messageOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error);
  } catch {
    return "an object without a text";
  }
}

/** `invalid_event_name`: a name that no frame may carry. */
export const invalidEventName = (name: unknown): Known =>
  new UnmeantError(
    "invalid_event_name",
    `An event's name is a string of 1 to 128 characters without control characters, not ${describe(name)}.`,
  );

/** `reserved_event_name`: a name that belongs to the toolkit. */
export const reservedEventName = (name: string): Known =>
  new UnmeantError("reserved_event_name", `"${name}" is reserved: choose another name.`);

/** `invalid_headers`: headers that are no object, or are over a limit. */
export const invalidHeaders = (why: string): Known =>
  new UnmeantError("invalid_headers", `Headers cannot be sent: ${why}.`);

/** `unencodable_payload`: a payload that `JSON.stringify` does not take. */
export const unencodablePayload = (name: string, cause: unknown): Known =>
  new UnmeantError(
    "unencodable_payload",
    `The payload of "${name}" is not JSON: ${messageOf(cause)}. Send plain data without cycles, functions or BigInt.`,
    undefined,
    { cause },
  );

/** `envelope_too_large`: more bytes than `limits.envelopeBytes`. Nothing was sent. */
export const envelopeTooLarge = (name: string, limit: number): Known =>
  new UnmeantError(
    "envelope_too_large",
    `The envelope of "${name}" is over ${limit} bytes: send less at once, or raise limits.envelopeBytes on both ends.`,
  );

/** `envelope_too_deep`: more nesting than `limits.depth`. Nothing was sent. */
export const envelopeTooDeep = (name: string, limit: number): Known =>
  new UnmeantError(
    "envelope_too_deep",
    `The envelope of "${name}" is nested over ${limit} levels: flatten it, or raise limits.depth on both ends.`,
  );

/** `invalid_limit`: an unknown limit, or one that is no number above 0. */
export const invalidLimit = (name: string, value: unknown): Known =>
  new UnmeantError(
    "invalid_limit",
    `limits.${name} cannot be ${describe(value)}: use a known name and a number above 0, or Infinity for none.`,
  );

/** `invalid_close_code`: a code that no Close frame may carry. */
export const invalidCloseCode = (code: unknown): Known =>
  new UnmeantError(
    "invalid_close_code",
    `${describe(code)} cannot be sent as a close code: use 1000, or 3000 to 4999 for meanings of your own.`,
  );

/** `invalid_argument`: a call that cannot be meant as it stands. */
export const invalidArgument = (what: string): Known => new UnmeantError("invalid_argument", what);

// These, down to the rooms, are told to the requester as they are.

/** `invalid_payload`: the schema's issues are its details. */
export const invalidPayload = (name: string, issues: unknown): Known =>
  new ZapError("invalid_payload", `The payload of "${name}" does not match its schema.`, { issues });

/** `invalid_payload` on the side that asked: nobody else is told what the answer was like. */
export const invalidReply = (name: string, issues: unknown): Known =>
  new UnmeantError("invalid_payload", `The answer to "${name}" does not match its schema.`, { issues });

/** A failure as a requester is told of it. */
export type Failure = Pick<ZapError, "code" | "message" | "details">;

/** `unknown_event`: a request of a peer that nobody handles. Not an error, which costs: peers may ask for anything. */
export const unknownEvent = (name: string): Failure => ({
  code: "unknown_event",
  message: `Nothing here answers "${name}".`,
  details: undefined,
});

/** The same where it has to be thrown: another node asked. */
export const unknownEventError = (name: string): Known => new ZapError("unknown_event", unknownEvent(name).message);

/** `not_handled`: a request that a middleware let fall without an error. */
export const notHandled = (name: string): Known =>
  new ZapError("not_handled", `A middleware ended "${name}" without calling next().`);

/** `forbidden`: a room that `authorizeJoin` did not let a connection into. */
export const forbiddenRoom = (room: string): Known =>
  new ZapError("forbidden", `This connection may not join ${describe(room)}.`);

/** `forbidden`: an event that `authorize` did not let a connection send. */
export const forbiddenEvent = (name: string): Known =>
  new ZapError("forbidden", `This connection may not send ${describe(name)}.`);

/** `too_many_rooms`: more than `limits.roomsPerConnection`. */
export const tooManyRooms = (limit: number): Known =>
  new ZapError(
    "too_many_rooms",
    `A connection can be in ${limit} rooms: leave one, or raise limits.roomsPerConnection.`,
  );

/** `invalid_room_name`: a name that is no string, empty or too long. */
export const invalidRoomName = (room: unknown): Known =>
  new ZapError("invalid_room_name", `A room's name is a string of 1 to 512 characters, not ${describe(room)}.`);

/** `next_called_twice`: a middleware that ran the rest a second time. */
export const nextCalledTwice = (name: string): Known =>
  new UnmeantError("next_called_twice", `A middleware called next() twice for "${name}": call it once.`);

/** `handler_timeout`: a handler that took longer than `limits.handlerMs`, in milliseconds. */
export const handlerTimeout = (name: string, ms: number): Known =>
  new ZapError("handler_timeout", `The handler of "${name}" took over ${ms} ms: see limits.handlerMs.`);

/** `duplicate_handler`: a second handler for an event, with the places of both. */
export const duplicateHandler = (name: string, first: string, second: string): Known =>
  new UnmeantError(
    "duplicate_handler",
    `"${name}" has a handler already, from ${first}; a second comes from ${second}. Remove one, or pass { override: true }.`,
  );

/** `duplicate_id`: a connection plugged with the id of a live one. */
export const duplicateId = (id: string): Known =>
  new UnmeantError("duplicate_id", `A connection with the id "${id}" is live already.`);

/** `already_plugged`: a socket plugged a second time. */
export const alreadyPlugged = (): Known =>
  new UnmeantError("already_plugged", "This socket is plugged into a register already: plug each socket once.");

/** `not_carried`: what a connection carries does not fit into what a Durable Object keeps while it sleeps. */
export const notCarried = (cause: unknown): Known =>
  new UnmeantError(
    "not_carried",
    `What this connection carries cannot be kept while its object sleeps: ${messageOf(cause)}. Let its state, principal and room data be plain values, and under 16,384 bytes in all.`,
    undefined,
    { cause },
  );

/** `timeout`: a request without an answer, after so many milliseconds. */
export const requestTimeout = (name: string, ms: number): Known =>
  new UnmeantError("timeout", `"${name}" was not answered within ${ms} ms.`);

/** `disconnected`: a request whose connection ended before its answer came. */
export const disconnected = (name: string): Known =>
  new UnmeantError("disconnected", `The connection ended before "${name}" was answered.`);

/** `cancelled`: a request whose signal aborted, with the signal's reason as cause. */
export const cancelled = (name: string, cause: unknown): Known =>
  new UnmeantError("cancelled", `The request "${name}" was cancelled.`, undefined, { cause });

/** `too_many_requests`: more than `limits.pendingRequests` wait already. */
export const tooManyRequests = (name: string, limit: number): Known =>
  new UnmeantError(
    "too_many_requests",
    `"${name}" was not sent: ${limit} requests to this peer wait for an answer already.`,
  );

/**
 * Any error of a client. Its code is its text, for in browsers each sentence is paid for by everyone who loads it:
 * docs/errors.md says what to do about each.
 *
 * @param about - The event, or what else it is about.
 */
export const brief = (code: ZapErrorCode, about: unknown, cause?: unknown): Known =>
  new UnmeantError(code, `${about}: ${code}`, undefined, { cause });

/** Throws {@link brief} unless `condition` holds. */
export function ensure(condition: unknown, code: ZapErrorCode, about: unknown, cause?: unknown): asserts condition {
  if (!condition) throw brief(code, about, cause);
}

/** `upgrade_in_use`: a second register at one path of a server. */
export const upgradeInUse = (path: string): Known =>
  new UnmeantError("upgrade_in_use", `"${path}" of this server has a register already: attach each path once.`);

/** `broker_unavailable`: a broker that did not take something, or cannot be reached. */
export const brokerUnavailable = (cause: unknown): Known =>
  new UnmeantError(
    "broker_unavailable",
    `The broker could not be reached, and other nodes were not: ${messageOf(cause)}. It is tried again by itself.`,
    undefined,
    { cause },
  );

/** `broker_overloaded`: more than `limit` UTF-16 code units wait for the broker to take them. */
export const brokerOverloaded = (limit: number): Known =>
  new UnmeantError(
    "broker_overloaded",
    `The broker is slow: over ${limit} characters wait, so this was not published.`,
  );

/** `broker_in_use`: one broker given to two registers. */
export const brokerInUse = (): Known =>
  new UnmeantError("broker_in_use", "This broker has a register already: make one for each, with names of their own.");

/** A value as an error's text shows it: short, whatever it is. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 64 ? `${value.slice(0, 64)}…` : value);
  if (typeof value === "function") return "a function";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}

/** Raised in place of something thrown that is no `ZapError`, where one is promised. Never told to a peer. */
export const unexpected = (cause: unknown): Known =>
  new UnmeantError("internal", messageOf(cause), undefined, { cause });
