// Ends many connections without ending them all at the same moment. Knows nothing of servers.

import type { Clock } from "../protocol/clock.ts";
import { CloseCode } from "../protocol/close-codes.ts";
import type { AnyProcessor } from "./event-processor.ts";

/**
 * Announces the end to those who understand it and closes connections with 1012, evenly spread over `windowMs`, so that their peers do not all come back at once.
 *
 * @returns Resolves when the last has ended and its handlers have finished.
 */
export async function drain(processors: Iterable<AnyProcessor>, windowMs: number, clock: Clock): Promise<void> {
  const all = [...processors];
  for (const processor of all) processor.announceDraining(windowMs);
  const ended = all.map(async (processor, index) => {
    const delay = (windowMs * index) / all.length;
    if (delay > 0) await passed(delay, processor, clock);
    processor.close(CloseCode.draining, "the server is going away");
    await processor.startEventStream();
  });
  await Promise.all(ended);
}

/** Resolves after `delay`, or as soon as the connection has ended by itself. */
function passed(delay: number, processor: AnyProcessor, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(delay, resolve);
    processor.startEventStream().then(() => {
      cancel();
      resolve();
    });
  });
}
