// Turns what is pushed into what can be waited for, one after the other. Does not know what it carries.
import { brief } from "../protocol/errors.ts";
import type { Snapshot, StreamOptions } from "./client-types.ts";
import type { Add } from "./listeners.ts";

const LIMIT = 1_024;

/**
 * An async iterator over what `source` pushes, from now on. It ends when the client is closed, when `signal` aborts,
 * and when the loop over it is left. Pushing throws `queue_full` while 1,024 values wait that nobody takes.
 *
 * @param source - Starts to push; what it returns ends that.
 * @param subscribe - Where the client's state is told.
 */
export function stream<T>(
  source: Add<T>,
  subscribe: Add<Snapshot>,
  { signal }: StreamOptions = {},
): AsyncIterableIterator<T> {
  const values: T[] = [];
  let wake = () => {};
  let state = "running" as "running" | "ended";
  const end = () => {
    state = "ended";
    stop();
    unsubscribe?.();
    signal?.removeEventListener("abort", end);
    wake();
  };
  const stop = source((value) => {
    if (values.length >= LIMIT) throw brief("queue_full", "events");
    values.push(value);
    wake();
  });
  let unsubscribe: (() => void) | undefined;
  unsubscribe = subscribe(({ status }) => status === "closed" && end());
  signal?.addEventListener("abort", end);
  if (signal?.aborted || state === "ended") end();
  return (async function* () {
    try {
      for (;;) {
        while (values.length > 0) yield values.shift() as T;
        if (state === "ended") return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      end();
    }
  })();
}
