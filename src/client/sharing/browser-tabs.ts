// The tabs of a browser: Web Locks and a BroadcastChannel. Knows nothing of what is told there.
import type { Tabs } from "./tabs.ts";

/** The tabs that use `name`; undefined where the runtime has no Web Locks or no BroadcastChannel. */
export function browserTabs(name: string): Tabs | undefined {
  const locks = globalThis.navigator?.locks;
  const Channel = globalThis.BroadcastChannel;
  if (locks === undefined || Channel === undefined) return undefined;
  return {
    // Where there are locks there is this: both are for secure pages.
    newId: () => crypto.randomUUID().slice(-12),
    lock(how, held, lost) {
      let state = "waiting" as "waiting" | "held" | "over";
      let give = () => {};
      const stop = new AbortController();
      const hold = () => {
        if (state === "over") return undefined;
        state = "held";
        held();
        return new Promise<void>((resolve) => {
          give = resolve;
        });
      };
      const options: LockOptions = how === "steal" ? { steal: true } : { signal: stop.signal };
      locks.request(name, options, hold).catch((error: unknown) => {
        // There are origins without locks, sandboxed frames for one. There each leads itself.
        if (state === "waiting" && String(error).startsWith("SecurityError")) hold();
        else if (state !== "over") lost();
      });
      return () => {
        state = "over";
        stop.abort();
        give();
      };
    },
    open(listener) {
      const channel = new Channel(name);
      let post = (note: object) => channel.postMessage(note);
      channel.onmessage = ({ data }) => listener(data);
      return {
        post: (note) => post(note),
        close() {
          // A closed channel throws, and nobody is to hear it.
          post = () => {};
          channel.close();
        },
      };
    },
    onRest(listener) {
      const stop = new AbortController();
      globalThis.addEventListener?.("pagehide", listener, stop);
      globalThis.document?.addEventListener("freeze", listener, stop);
      return () => stop.abort();
    },
  };
}
