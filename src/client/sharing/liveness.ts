// Notices that the other end is gone: asks when nothing was heard for long. Judges by instants, for the timers of hidden
// tabs and sleeping machines fire late. Knows nothing of sockets.
import type { Clock } from "../../protocol/clock.ts";

/** Who is watched, and who wants to know. */
export interface LivenessOptions {
  readonly clock: Clock;
  /** Milliseconds of silence before asking. */
  readonly idleMs: number;
  /** Milliseconds an answer may take. */
  readonly timeoutMs: number;
  /** Asks. */
  readonly ping: () => void;
  /** Nothing was heard in time. Told once. */
  readonly dead: () => void;
}

/** The watch over one connection. */
export interface Liveness {
  /** Something came from the other end. */
  readonly heard: () => void;
  /** Asks now, unless an answer is being waited for. */
  readonly probe: () => void;
  /** Ends the watch. */
  readonly stop: () => void;
}

/** Watches one connection. A dead one is noticed within `idleMs + timeoutMs`, plus what the timers are late. */
export function watch({ clock, idleMs, timeoutMs, ping, dead }: LivenessOptions): Liveness {
  let state: "quiet" | "asked" = "quiet";
  let heardAt: number;
  let stop = () => {};

  const wait = (delay: number) => {
    stop();
    stop = clock.after(delay, () => {
      const left = heardAt + idleMs - clock.now();
      if (state === "asked") dead();
      // More than all of it is left when the clock was set back: then nobody knows how long the silence was.
      else if (left > 0 && left <= idleMs) wait(left);
      else probe();
    });
  };
  const probe = () => {
    if (state === "asked") return;
    state = "asked";
    wait(timeoutMs);
    ping();
  };
  const heard = () => {
    heardAt = clock.now();
    state = "quiet";
  };

  heard();
  wait(idleMs);
  return { heard, probe, stop: () => stop() };
}
