// Tells when the network may be back and when it is gone. Does not know what a client does about it.

/** `online`: worth trying now. `offline`: nothing can get through. */
export type NetworkSignal = "online" | "offline";

/** Calls `listener` on every signal until the function it returned is called. */
export type Environment = (listener: (signal: NetworkSignal) => void) => () => void;

/**
 * The environment of browsers and their workers: `online` on coming back online, on coming out of the back-forward
 * cache and whenever visibility changes; `offline` on going offline. Elsewhere nothing is ever told.
 */
export const browserEnvironment: Environment = (listener) => {
  const stop = new AbortController();
  for (const type of ["online", "offline", "pageshow", "visibilitychange"]) {
    globalThis.addEventListener?.(type, () => listener(type === "offline" ? type : "online"), stop);
  }
  return () => stop.abort();
};
