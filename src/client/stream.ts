// Turns what is pushed into what can be waited for, one after the other. Does not know what it carries.
import { ensure } from "../protocol/errors.ts";
import type { Add } from "./call.ts";
import type { Snapshot, StreamOptions } from "./client-types.ts";
import { STREAM_VALUES } from "./numbers.ts";

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
  let state = "running" as "running" | "ended";
  let wake = () => {};
  let unsubscribe: (() => void) | undefined;
  const end = () => {
    state = "ended";
    stop();
    unsubscribe?.();
    signal?.removeEventListener("abort", end);
    wake();
  };
  const stop = source((value) => {
    ensure(values.length < STREAM_VALUES, "queue_full", "events");
    values.push(value);
    wake();
  });
  unsubscribe = subscribe(({ status }) => status === "closed" && end());
  signal?.addEventListener("abort", end);
  if (signal?.aborted || state === "ended") end();
  return (async function* () {
    try {
      while (values.length || state === "running") {
        if (values.length) yield values.shift() as T;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    } finally {
      end();
    }
  })();
}
