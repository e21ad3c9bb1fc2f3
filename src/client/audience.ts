// Whom the client tells what: handlers of events, and listeners of its state, which is one snapshot. Decides nothing.
import type { Clock } from "../protocol/clock.ts";
import { brief } from "../protocol/errors.ts";
import { type Add, type Call, type Listener, quietly } from "./call.ts";
import type { AnyClientEvent, ClientStatus, CloseInfo, Snapshot, StreamOptions } from "./client-types.ts";
import { IDLE_SNAPSHOT } from "./snapshot.ts";
import { stream } from "./stream.ts";

/** A handler, whatever its event. */
type AnyHandler = Listener<AnyClientEvent>;

/** What users see of this; described with the client. */
export interface AudienceApi {
  readonly getSnapshot: () => Snapshot;
  readonly subscribe: Add<Snapshot>;
  readonly onStateChange: (listener: (status: ClientStatus, now: Snapshot, before: Snapshot) => unknown) => () => void;
  readonly connectionState: (options?: StreamOptions) => AsyncIterableIterator<ClientStatus>;
  readonly onConnected: (listener: () => unknown) => () => void;
  readonly onDisconnected: (listener: (close: CloseInfo) => unknown) => () => void;
  readonly ready: () => Promise<void>;
  readonly onEvent: (eventName: string, handler: AnyHandler) => () => void;
  readonly onAnyEvent: Add<AnyClientEvent>;
  readonly once: (eventName: string, handler: AnyHandler) => () => void;
  readonly events: (eventName: string, options?: StreamOptions) => AsyncIterableIterator<AnyClientEvent>;
}

/** Changes what is named of the snapshot, and tells everyone. They may change it again, or have done when this returns. */
export type Change = (changes: Partial<Snapshot>) => void;

/** What listeners have in common: the event's name, undefined for those of every event, null for those of the state. */
type Key = string | undefined | null;

/**
 * Calls the listeners of a key in the order they were added: not those added meanwhile, nor those taken out.
 *
 * @param about - What their failures are reported with.
 * @returns What each of them comes to; none is waited for.
 */
export type Emit = (key: Key, about: string, given?: unknown) => (Promise<unknown> | false)[];

/** What every part of a client may use. */
export type Core = readonly [clock: Clock, call: Call, change: Change, audience: AudienceApi];

/** The audience of a client that has done nothing yet. */
export function createAudience(clock: Clock, call: Call): readonly [AudienceApi, Change, Emit] {
  const entries = new Set<readonly [key: Key, listener: Listener<never>]>();
  let snapshot: Snapshot = Object.freeze({ ...IDLE_SNAPSHOT, since: clock.now() });

  const on = (key: Key, listener: Listener<never>) => {
    const entry = [key, listener] as const;
    entries.add(entry);
    return () => {
      entries.delete(entry);
    };
  };
  const emit: Emit = (key, about, given) =>
    [...entries]
      .filter((entry) => entry[0] === key)
      .map((entry) => entries.has(entry) && call(entry[1], about, given as never));
  const change: Change = (changes) => {
    snapshot = Object.freeze({
      ...snapshot,
      ...(changes.status && { since: clock.now(), retryAt: undefined }),
      ...changes,
    });
    emit(null, "state");
  };
  // Listeners look at the snapshot when they are called: an earlier one may have changed it.
  const subscribe: AudienceApi["subscribe"] = (listener) => {
    const tell = () => listener(snapshot);
    call(tell, "state");
    return on(null, tell);
  };
  const onStateChange: AudienceApi["onStateChange"] = (listener) => {
    let last = snapshot;
    return on(null, () => {
      const before = last;
      last = snapshot;
      return last.status === before.status || listener(last.status, last, before);
    });
  };
  const connectionState: AudienceApi["connectionState"] = (options) =>
    stream(
      (push) => {
        push(snapshot.status);
        return onStateChange(push);
      },
      subscribe,
      options,
    );

  return [
    {
      getSnapshot: () => snapshot,
      subscribe,
      onStateChange,
      connectionState,
      onConnected: (listener) => onStateChange((status) => status === "open" && listener()),
      onDisconnected: (listener) =>
        onStateChange((_, { lastClose }, { status }) => status === "open" && listener(lastClose as CloseInfo)),
      ready: () =>
        quietly(async () => {
          for await (const status of connectionState()) if (status === "open") return;
          throw brief("closed", snapshot.lastClose?.code);
        }),
      onEvent: on,
      onAnyEvent: (handler) => on(undefined, handler),
      once(eventName, handler) {
        const stop = on(eventName, (event) => {
          stop();
          return handler(event);
        });
        return stop;
      },
      events: (eventName, options) => stream((push) => on(eventName, push), subscribe, options),
    },
    change,
    emit,
  ];
}
