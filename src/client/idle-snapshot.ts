// The snapshot of a client that has done nothing. Knows no clock: its `since` is 0.
import type { Snapshot } from "./client-types.ts";

/** Before the first `connect()`, as it is shown where there is no client yet: on a server, and while its page is hydrated. */
export const IDLE_SNAPSHOT: Snapshot = Object.freeze({
  status: "idle",
  attempt: 0,
  retryAt: undefined,
  since: 0,
  lastClose: undefined,
  queued: 0,
  latency: undefined,
});
