// Turns what is pushed into what can be waited for, one after the other. Does not know what it carries.
import { queueFull } from "../protocol/errors.ts";

/** Starts to `push` values, and says when they `end`; what it returns ends it from this side. */
export type StreamSource<T> = (push: (value: T) => void, end: () => void) => () => void;

/**
 * An async iterator over what `source` pushes, from now on. It ends when the source does, when `signal` aborts, and
 * when the loop over it is left; it fails with `queue_full` when more than `limit` values wait for the loop.
 */
export function stream<T>(
  source: StreamSource<T>,
  limit: number,
  signal: AbortSignal | undefined,
): AsyncIterableIterator<T> {
  const values: T[] = [];
  const run: { state: "running" | "ended"; failure?: unknown; wake?: () => void } = { state: "running" };
  let stop: (() => void) | undefined;
  const end = () => {
    run.state = "ended";
    stop?.();
    signal?.removeEventListener("abort", abort);
    run.wake?.();
  };
  const abort = () => {
    values.length = 0;
    end();
  };
  const push = (value: T) => {
    if (values.push(value) > limit) {
      run.failure = queueFull("events()", limit);
      abort();
    }
    run.wake?.();
  };
  signal?.addEventListener("abort", abort);
  stop = source(push, end);
  if (signal?.aborted) abort();
  // The source may have ended while it was being started.
  if (run.state === "ended") stop();
  return (async function* () {
    try {
      for (;;) {
        while (values.length > 0) yield values.shift() as T;
        if (run.failure !== undefined) throw run.failure;
        if (run.state === "ended") return;
        await new Promise<void>((resolve) => {
          run.wake = resolve;
        });
      }
    } finally {
      end();
    }
  })();
}
