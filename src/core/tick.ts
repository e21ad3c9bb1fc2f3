// Runs what was put off to the end of the current tick, once for the whole process. Does not know what it runs.

/** Something that has work for the end of the tick. It must not throw. */
export interface EndOfTick {
  flush(): void;
}

let waiting: EndOfTick[] = [];

// In a Worker every event has sockets of its own, which nothing else may touch: its work is done before the next begins.
const eventsShareSockets = !("WebSocketPair" in globalThis);

// An immediate comes after all sockets that were ready have been read, so what their handlers sent leaves together.
const schedule: (callback: () => void) => void =
  eventsShareSockets && typeof setImmediate === "function" ? setImmediate : (callback) => queueMicrotask(callback);

/** Has `work` flushed at the end of this tick. The caller asks once per tick. */
export function atEndOfTick(work: EndOfTick): void {
  if (waiting.push(work) === 1) schedule(flushAll);
}

function flushAll(): void {
  const ready = waiting;
  waiting = [];
  for (const work of ready) work.flush();
}
