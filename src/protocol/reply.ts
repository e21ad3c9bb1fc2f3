// How a request's answer looks on the wire, and what it means to the one who asked. Knows nothing of connections.
import { encode } from "./codec.ts";
import { type Failure, UnmeantError, ZapError } from "./errors.ts";
import { isJsonObject } from "./headers.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";

/** The event name of a reply that says the request failed. */
export const ERROR_REPLY = "error";

const INTERNAL = { code: "internal", message: "The request failed.", details: undefined };
const CODE_LENGTH = 64;
const MESSAGE_LENGTH = 1_024;

/** The text that answers request `re` with a result. */
export function encodeReply(eventName: string, result: unknown, re: string, limits: Limits): string {
  return encode(eventName, result, undefined, { re }, limits);
}

/**
 * The text that answers request `re` with a failure. Only a `ZapError` that was meant for the requester is told as it
 * is; of anything else that was thrown the peer learns `internal` and nothing more. What cannot be encoded is left
 * out: the details first, then the text. Never throws, for a request is answered in any case.
 */
export function encodeErrorReply(error: unknown, re: string, limits: Limits): string {
  const meant = error instanceof ZapError && !(error instanceof UnmeantError);
  return encodeFailureReply(meant ? error : INTERNAL, re, limits);
}

/** The same for a failure that was never an error. */
export function encodeFailureReply(failure: Failure, re: string, limits: Limits): string {
  const { code, message, details } = failure;
  try {
    return encodeFailure(code, message, details, re, limits);
  } catch {
    // Too large, too deep, or no JSON.
  }
  const shortCode = textOf(code, CODE_LENGTH) ?? INTERNAL.code;
  try {
    return encodeFailure(shortCode, textOf(message, MESSAGE_LENGTH) ?? INTERNAL.message, undefined, re, limits);
  } catch {
    // Limits that leave no room for an answer are for what the application sends.
    return encodeFailure(shortCode, INTERNAL.message, undefined, re, DEFAULT_LIMITS);
  }
}

function encodeFailure(code: string, message: string, details: unknown, re: string, limits: Limits): string {
  const payload = details === undefined ? { code, message } : { code, message, details };
  return encode(ERROR_REPLY, payload, undefined, { re }, limits);
}

/** The error that the payload of an error reply stands for. The peer made it, so nothing in it is taken on trust. */
export function parseErrorReply(payload: unknown): ZapError {
  const { code, message, details } = isJsonObject(payload) ? payload : {};
  return new UnmeantError(
    textOf(code, CODE_LENGTH) || INTERNAL.code,
    textOf(message, MESSAGE_LENGTH) ?? INTERNAL.message,
    details,
  );
}

/** `value` cut to `length` UTF-16 code units, when it is a string. */
function textOf(value: unknown, length: number): string | undefined {
  return typeof value === "string" ? value.slice(0, length) : undefined;
}
