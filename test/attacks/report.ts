// What a server under attack says of itself. Runs in that server, on any runtime.
import type { Emitter } from "./application.ts";

/** The answer to `report`. */
export interface Report {
  readonly connections: number;
  readonly rooms: number;
  /** How often these handlers have run. */
  readonly lifecycle: { readonly connected: number; readonly disconnected: number };
  /** Connections whose `connected` is done and whose `disconnected` has not run. */
  readonly ready: number;
  /** Events that wait for their handler. */
  readonly pending: number;
  /** Events that came after what their sender was closed for. */
  readonly smuggled: number;
  readonly events: number;
  /** Connections closed for what they sent, by close code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Requests to connect that were not let in, by reason. */
  readonly rejected: Readonly<Record<string, number>>;
  /** What `error` handlers were told since the last report. */
  readonly errors: readonly string[];
  /** What keeps the process alive, by kind: timers and sockets. Empty where the runtime does not tell. */
  readonly resources: Readonly<Record<string, number>>;
  /** Listeners on the process and on the emitters the server has. */
  readonly listeners: number;
  readonly rss: number;
  /** Milliseconds of processor time it has taken so far. */
  readonly cpu: number;
}

// Others come and go by themselves.
const COUNTED: readonly string[] = ["Timeout", "TCPSocketWrap", "TLSWrap"];

/** Counts what a leak would show in. */
export function resourcesNow(emitters: readonly Emitter[]): Pick<Report, "resources" | "listeners" | "rss" | "cpu"> {
  const resources: Record<string, number> = {};
  // Not every runtime that has a `process` has this.
  for (const kind of process.getActiveResourcesInfo?.() ?? []) {
    if (COUNTED.includes(kind)) resources[kind] = (resources[kind] ?? 0) + 1;
  }
  let listeners = 0;
  for (const emitter of [process, ...emitters]) {
    for (const name of emitter.eventNames()) listeners += emitter.listenerCount(name);
  }
  const { user, system } = process.cpuUsage();
  return { resources, listeners, rss: process.memoryUsage().rss, cpu: (user + system) / 1_000 };
}
