// What can be said of snapshots alone. Knows no clock: the one here has a `since` of 0.
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

/** Whether nobody wants the client connected. */
export const isDown = ({ status }: Snapshot): boolean => status === "idle" || status === "closed";
