// The one table of close codes: what each means and what a client does about it. Knows nothing of sockets.
import { truncateUtf8 } from "./utf8.ts";

/**
 * What a client does after a close: `stay` closed, `back-off` and try again after a growing delay, `spread` the
 * return over the announced window, `return` soon, or `authenticate` once with a new token.
 */
export type AfterClose = "stay" | "back-off" | "spread" | "return" | "authenticate";

/** Close codes by meaning. The numbers below 4000 are those of RFC 6455, section 7.4.1. */
export const CloseCode = {
  normal: 1000,
  goingAway: 1001,
  protocolError: 1002,
  unsupportedData: 1003,
  noStatus: 1005,
  abnormal: 1006,
  invalidText: 1007,
  policyViolation: 1008,
  tooLarge: 1009,
  internalError: 1011,
  draining: 1012,
  overloaded: 1013,
  badEnvelope: 4400,
  unauthenticated: 4401,
  forbidden: 4403,
  authenticationTimeout: 4408,
  takenOver: 4409,
  slowConsumer: 4413,
  rateLimited: 4429,
} as const;

/** A close code the toolkit gives a meaning to. */
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

// By number, not by CloseCode: browsers load this list and would load all the names with it.
/** The codes after which a client stays closed. */
export const STAY_CLOSED: readonly number[] = [
  1000, 1002, 1003, 1007, 1008, 1009, 4400, 4403, 4409,
] satisfies CloseCode[];

/** Bytes a close reason may take: 125 of a control frame less 2 for the code (RFC 6455, section 5.5). */
export const REASON_BYTES = 123;

/**
 * What a client does after `code`. Codes the table does not name back off: lost links (1006) and codes of the
 * application alike, unless it says otherwise with `shouldReconnect`.
 */
export function afterClose(code: number): AfterClose {
  if (STAY_CLOSED.includes(code)) return "stay";
  if (code === CloseCode.draining) return "spread";
  if (code === CloseCode.unauthenticated) return "authenticate";
  return code === CloseCode.slowConsumer ? "return" : "back-off";
}

/**
 * Whether an endpoint may put `code` into a Close frame: 1000 to 1014 without 1004, 1005 and 1006, and 3000 to
 * 4999 (RFC 6455, section 7.4; RFC 6455 registry for 1012 to 1014).
 */
export function isSendableCloseCode(code: number): boolean {
  if (!Number.isInteger(code)) return false;
  if (code >= 3000 && code <= 4999) return true;
  return code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006;
}

/** The code of a close as users see it: runtimes that report an abrupt loss as 0 mean 1006. */
export function normalizeCloseCode(code: number): number {
  return code === 0 ? CloseCode.abnormal : code;
}

/** `reason` cut to the 123 bytes a Close frame has room for, at a code point. */
export function truncateReason(reason: string): string {
  return truncateUtf8(reason, REASON_BYTES);
}
