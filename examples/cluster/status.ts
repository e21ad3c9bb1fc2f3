// What the page hears of the processes. Types only, for both ends.
import type { ProcessState } from "./processes.ts";

/** One process. */
export interface ProcessStatus {
  readonly name: string;
  readonly pid: number | undefined;
  readonly state: ProcessState;
  /** WebSockets that are connected to it. */
  readonly connections: number;
  /** Milliseconds until it is started again; 0 while it runs. */
  readonly backInMs: number;
}
