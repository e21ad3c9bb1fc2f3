// Whether this tab leads. Exactly one of those with the lock does; knows nothing of what leading is.
import type { Release, Tabs } from "./tabs.ts";

/** `out`: it does not take part. */
type Standing = "out" | "waiting" | "leading";

/** A tab's part in the election. */
export interface Election {
  readonly leads: () => boolean;
  /** Takes the lead from whoever has it: that tab gives no sign of life. */
  readonly steal: () => void;
  readonly leave: () => void;
}

/** Takes part, and waits to be elected. */
export function takePart({ lock }: Tabs, elected: () => void, deposed: () => void): Election {
  let standing: Standing = "waiting";
  let release: Release = () => {};
  const request = (how: "wait" | "steal") => {
    release();
    let requested = true;
    const stop = lock(
      how,
      () => {
        if (!requested || standing !== "waiting") return;
        standing = "leading";
        elected();
      },
      () => {
        if (!requested) return;
        const before = standing;
        standing = "waiting";
        request("wait");
        if (before === "leading") deposed();
      },
    );
    release = () => {
      requested = false;
      stop();
    };
  };
  request("wait");
  return {
    leads: () => standing === "leading",
    steal() {
      if (standing === "waiting") request("steal");
    },
    leave() {
      standing = "out";
      release();
    },
  };
}
