// Ends many connections without ending them all at the same moment. Knows nothing of servers.

import type { Clock } from "../protocol/clock.ts";
import { CloseCode } from "../protocol/close-codes.ts";
import type { AnyProcessor } from "./event-processor.ts";

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
  processors: Iterable<AnyProcessor>,
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
