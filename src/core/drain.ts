// Ends many connections without ending them all at the same moment. Knows nothing of servers.

import type { Clock } from "../protocol/clock.ts";
import { CloseCode } from "../protocol/close-codes.ts";

/** One connection, as far as ending it goes. */
export interface Drainable {
  /** Tells a peer that understands it. */
  announceDraining(windowMs: number): void;
  /** Takes no more events; resolves when those that came have been handled. */
  finish(): Promise<void>;
  close(code: number, reason: string): Promise<void>;
  /** Resolves when it has ended. */
  startEventStream(): Promise<void>;
}

/** How connections are closed when their server goes away. */
export interface CloseOptions {
  /** Milliseconds over which the connections are closed. Default: 0, all at once. */
  readonly drain?: number;
}

/** How long ending may take. */
export interface DrainOptions {
  /** Milliseconds over which the connections are ended; 0 ends all at once. */
  readonly windowMs: number;
  /** Milliseconds that handlers may take to finish. */
  readonly handlerMs: number;
  readonly clock: Clock;
}

/**
 * Announces the end to those who understand it, then ends the connections, evenly spread over `windowMs`, so that their
 * peers do not all come back at once. Each takes no more events, gets `handlerMs` to handle and answer those it has, and
 * is closed with 1012.
 *
 * @returns Resolves when the last has ended and its handlers have finished.
 */
export async function drain(
  processors: Iterable<Drainable>,
  { windowMs, handlerMs, clock }: DrainOptions,
): Promise<void> {
  const all = [...processors];
  for (const processor of all) processor.announceDraining(windowMs);
  const ended = all.map(async (processor, index) => {
    const delay = (windowMs * index) / all.length;
    if (delay > 0) await settledWithin(delay, processor.startEventStream(), clock);
    await settledWithin(handlerMs, processor.finish(), clock);
    processor.close(CloseCode.draining, "the server is going away");
    await processor.startEventStream();
  });
  await Promise.all(ended);
}

/** Resolves when `ending` does, or after `delay`. */
function settledWithin(delay: number, ending: Promise<void>, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(delay, resolve);
    ending.then(() => {
      cancel();
      resolve();
    });
  });
}
