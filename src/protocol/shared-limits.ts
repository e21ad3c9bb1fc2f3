// The limits that hold at both ends, and their defaults; apart from the others so that browsers do not load those.
import type { Limits } from "./limits.ts";

/** The limits that hold at both ends. */
export type SharedLimits = Pick<
  Limits,
  | "envelopeBytes"
  | "depth"
  | "nameLength"
  | "headerKeys"
  | "headerBytes"
  | "pendingRequests"
  | "bufferedBytesSoft"
  | "bufferedBytes"
  | "heartbeatMs"
  | "heartbeatTimeoutMs"
  | "closeMs"
>;

/** Their defaults. */
export const SHARED_LIMITS: SharedLimits = {
  envelopeBytes: 65_536,
  depth: 64,
  nameLength: 128,
  headerKeys: 32,
  headerBytes: 4_096,
  pendingRequests: 1_000,
  bufferedBytesSoft: 256 * 1024,
  bufferedBytes: 1024 * 1024,
  heartbeatMs: 25_000,
  heartbeatTimeoutMs: 10_000,
  closeMs: 3_000,
};
