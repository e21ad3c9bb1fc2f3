// How a request's answer looks on the wire, and what it means to the one who asked. Knows nothing of connections.
import { encode } from "./codec.ts";
import { UnmeantError, ZapError } from "./errors.ts";
import { isJsonObject } from "./headers.ts";
import type { Limits } from "./limits.ts";

/** The event name of a reply that says the request failed. */
export const ERROR_REPLY = "error";

const INTERNAL_MESSAGE = "The request failed.";
const CODE_LENGTH = 64;
const MESSAGE_LENGTH = 1_024;

/** The text that answers request `re` with a result. */
export function encodeReply(eventName: string, result: unknown, re: string, limits: Limits): string {
  return encode(eventName, result, undefined, { re }, limits);
}

/**
 * The text that answers request `re` with a failure. Only a `ZapError` that was meant for the requester is told as it
 * is; of anything else that was thrown the peer learns `internal` and nothing more. Details that cannot be encoded are left out.
 */
export function encodeErrorReply(error: unknown, re: string, limits: Limits): string {
  if (!(error instanceof ZapError) || error instanceof UnmeantError)
    return encodeFailure("internal", INTERNAL_MESSAGE, undefined, re, limits);
  try {
    return encodeFailure(error.code, error.message, error.details, re, limits);
  } catch {
    return encodeFailure(
      error.code.slice(0, CODE_LENGTH),
      error.message.slice(0, MESSAGE_LENGTH),
      undefined,
      re,
      limits,
    );
  }
}

function encodeFailure(code: string, message: string, details: unknown, re: string, limits: Limits): string {
  const payload = details === undefined ? { code, message } : { code, message, details };
  return encode(ERROR_REPLY, payload, undefined, { re }, limits);
}

/** The error that the payload of an error reply stands for. The peer made it, so nothing in it is taken on trust. */
export function parseErrorReply(payload: unknown): ZapError {
  const fields = isJsonObject(payload) ? payload : {};
  const code = typeof fields.code === "string" && fields.code !== "" ? fields.code.slice(0, CODE_LENGTH) : "internal";
  const message = typeof fields.message === "string" ? fields.message.slice(0, MESSAGE_LENGTH) : INTERNAL_MESSAGE;
  return new UnmeantError(code, message, fields.details);
}
