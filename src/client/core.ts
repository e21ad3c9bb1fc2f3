// What the parts of one client have in common. Types only; nothing of this exists at run time.
import type { Clock } from "../protocol/clock.ts";
import type { SharedLimits } from "../protocol/shared-limits.ts";
import type { Call } from "./call.ts";
import type { ClientOptions, Snapshot } from "./client-types.ts";
import type { Change } from "./state.ts";

/** What every part of a client may use. */
export interface Core {
  readonly options: Omit<ClientOptions<unknown>, "contract">;
  readonly clock: Clock;
  readonly limits: SharedLimits;
  /** The limits of what is sent: smaller when the server says that it takes less. */
  readonly sent: SharedLimits & { envelopeBytes: number };
  readonly call: Call;
  readonly getSnapshot: () => Snapshot;
  readonly change: Change;
}
