// What a connection is closed with when middleware did not let it in. Runs nothing.
import { CloseCode, truncateReason } from "../protocol/close-codes.ts";
import { UnmeantError, ZapError } from "../protocol/errors.ts";

/** Code and reason for what the middleware of `connected` threw: only a `ZapError` was meant for the peer. */
export function closeFor(error: unknown): readonly [code: CloseCode, reason: string] {
  const meant = error instanceof ZapError && !(error instanceof UnmeantError);
  return meant
    ? [CloseCode.forbidden, truncateReason(String(error.code))]
    : [CloseCode.internalError, "internal error"];
}
