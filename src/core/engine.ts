// What one register lends to the processors of all its sockets. The register itself puts it together.
import type { Clock } from "../protocol/clock.ts";
import type { EventDefinition } from "../protocol/contract.ts";
import type { Limits } from "../protocol/limits.ts";
import type { AnyConnections, ConnectionTable } from "./connections.ts";
import type { Counters } from "./counters.ts";
import type { SharedTimeLimits } from "./deadlines.ts";
import type { Drainable } from "./drain.ts";
import type { EntranceOptions } from "./entrance.ts";
import type { HandlerTable } from "./handler-table.ts";
import type { Heartbeat } from "./heartbeat.ts";
import type { Logger } from "./logger.ts";

/** The shared parts of one register. */
export interface Engine extends EntranceOptions {
  readonly limits: Limits;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly counters: Counters;
  readonly handlers: HandlerTable;
  readonly heartbeat: Heartbeat;
  /** Of all handlers but those of connections that share no timers. */
  readonly timeLimits: SharedTimeLimits;
  readonly connections: AnyConnections & ConnectionTable;
  /** Every processor that has not ended, those whose peer is not known yet among them. */
  readonly processors: Set<Drainable>;
  /** What the contract says of the events sent from here. */
  readonly outgoing: ReadonlyMap<string, EventDefinition>;
  /** How many events of one connection may be at work at once. */
  readonly concurrency: number;
  /** The first value of `connection.state`. */
  readonly createState: () => unknown;
  /** The errors that somebody has been told of, so that none is told twice. */
  readonly told: WeakSet<object>;
  /** Told of errors that no `error` handler took. */
  readonly onInternalError: (error: unknown, eventName: string) => void;
}
