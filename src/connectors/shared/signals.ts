// Ends a server when the process is asked to end, and the process after it. Does not know what kind of server it is.
import type { CloseOptions } from "../../core/drain.ts";

/** Something that can be closed: what `serve` and `attach` return, or anything with such a `close`. */
export interface Closable {
  close(options?: CloseOptions): Promise<unknown>;
}

/** What a process is asked to end by. */
export type EndingSignal = "SIGHUP" | "SIGINT" | "SIGTERM";

/** How a process ends. */
export interface DrainOnSignalsOptions extends CloseOptions {
  /** The signals it ends by. Default: `SIGTERM` and `SIGINT`. */
  readonly signals?: readonly EndingSignal[];
  /** Called when the server is closed, before the process exits: to close databases and the like. */
  readonly afterwards?: () => unknown;
}

/** Milliseconds over which connections are closed where nothing is said: most orchestrators wait for 30 seconds. */
const DRAIN_MS = 10_000;

// As shells report a process that a signal ended.
const EXIT_CODES: Readonly<Record<EndingSignal, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/**
 * Closes a server when the process is asked to end: new upgrades are refused with 503, clients hear `zap:draining`,
 * handlers finish, connections are closed with 1012 over the window. Then the process exits with code 0, or with 1 when
 * closing failed. A second signal ends it at once.
 *
 * @param options - `drain` is the window in milliseconds. Default: 10,000.
 * @returns Takes the listeners off again.
 *
 * @example
 * const server = await serve(register, { port: 8000 });
 * drainOnSignals(server);
 */
export function drainOnSignals(server: Closable, options: DrainOnSignalsOptions = {}): () => void {
  const { signals = ["SIGTERM", "SIGINT"], drain = DRAIN_MS, afterwards } = options;
  let closing: Promise<void> | undefined;
  const onSignal = (signal: EndingSignal) => {
    if (closing !== undefined) process.exit(EXIT_CODES[signal]);
    closing = end(server, drain, afterwards);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}

async function end(server: Closable, drain: number, afterwards: (() => unknown) | undefined): Promise<void> {
  try {
    await server.close({ drain });
    await afterwards?.();
    process.exit(0);
  } catch (error) {
    console.error("zaptools: the server could not be closed", error);
    process.exit(1);
  }
}
