// The limits of a client: the shared ones with what the user changed. Those of servers alone mean nothing here.
import { ensure } from "../protocol/errors.ts";
import type { Limits } from "../protocol/limits.ts";
import { SHARED_LIMITS, type SharedLimits } from "../protocol/shared-limits.ts";

/** The defaults with `changes` over them. @throws {ZapError} `invalid_limit` for what is no number above 0. */
export function clientLimits(changes: Partial<Limits> | undefined): SharedLimits {
  const limits = { ...SHARED_LIMITS, ...changes };
  for (const name in limits) ensure(limits[name as keyof SharedLimits] > 0, "invalid_limit", name);
  return limits;
}
