// Holds the one snapshot of a client and tells who wants to know. Decides nothing.
import type { Clock } from "../protocol/clock.ts";
import { brief } from "../protocol/errors.ts";
import type { Call } from "./call.ts";
import type { ClientStatus, CloseInfo, Snapshot, StreamOptions } from "./client-types.ts";
import { type Listener, listeners } from "./listeners.ts";
import { stream } from "./stream.ts";

/** What users see of the state; described with the client. */
export interface StateApi {
  readonly getSnapshot: () => Snapshot;
  readonly subscribe: (listener: Listener<Snapshot>) => () => void;
  readonly onStateChange: (listener: (status: ClientStatus, now: Snapshot, before: Snapshot) => unknown) => () => void;
  readonly connectionState: (options?: StreamOptions) => AsyncIterableIterator<ClientStatus>;
  readonly onConnected: (listener: () => unknown) => () => void;
  readonly onDisconnected: (listener: (close: CloseInfo) => unknown) => () => void;
  readonly ready: () => Promise<void>;
}

/** Changes what is named, and tells everyone. They may change it again, or have done when this returns. */
export type Change = (changes: Partial<Snapshot>) => void;

/** The state of a client that has done nothing yet. */
export function createState(clock: Clock, call: Call): readonly [StateApi, Change] {
  const [add, each] = listeners<Snapshot>();
  let snapshot: Snapshot = Object.freeze({
    status: "idle",
    attempt: 0,
    retryAt: undefined,
    since: clock.now(),
    lastClose: undefined,
    queued: 0,
    latency: undefined,
  });
  // Always the latest: an earlier listener may have changed it.
  const tell = (listener: Listener<Snapshot>) => void call(listener, snapshot, "state");
  const subscribe: StateApi["subscribe"] = (listener) => {
    tell(listener);
    return add(listener);
  };
  const onStateChange: StateApi["onStateChange"] = (listener) => {
    let last = snapshot;
    return add((current) => {
      const before = last;
      last = current;
      return current.status === before.status || listener(current.status, current, before);
    });
  };
  return [
    {
      getSnapshot: () => snapshot,
      subscribe,
      onStateChange,
      connectionState: (options) =>
        stream(
          (push) => {
            push(snapshot.status);
            return onStateChange(push);
          },
          subscribe,
          options,
        ),
      onConnected: (listener) => onStateChange((status) => status === "open" && listener()),
      onDisconnected: (listener) =>
        onStateChange((_, { lastClose }, { status }) => status === "open" && lastClose && listener(lastClose)),
      ready() {
        let stop: (() => void) | undefined;
        const opened = new Promise<void>((resolve, reject) => {
          stop = subscribe(({ status, lastClose }) => {
            if (status === "open") resolve();
            if (status === "closed") reject(brief("closed", String(lastClose?.code)));
          });
        });
        opened.then(stop, stop);
        return opened;
      },
    },
    (changes) => {
      const begun = changes.status === undefined ? {} : { since: clock.now(), retryAt: undefined };
      snapshot = Object.freeze({ ...snapshot, ...begun, ...changes });
      each(tell);
    },
  ];
}
