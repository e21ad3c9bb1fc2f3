// What a connection is closed with whose middleware did not let it through to `connected`. Closes nothing itself.
import { CloseCode, truncateReason } from "../protocol/close-codes.ts";
import { UnmeantError, ZapError } from "../protocol/errors.ts";
import { Refusal } from "../protocol/refusal.ts";

/** 4403 and the code of an error that was meant for the peer; of any other it learns nothing. */
export function refusedConnection(error: unknown): Refusal {
  const meant = error instanceof ZapError && !(error instanceof UnmeantError);
  if (meant) return new Refusal(CloseCode.forbidden, truncateReason(String(error.code)));
  return new Refusal(CloseCode.internalError, "internal error");
}
