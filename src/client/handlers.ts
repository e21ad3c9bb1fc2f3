// Brings events to their handlers and the handlers' answers back. Knows nothing of sockets.
import { UnmeantError, ZapError } from "../protocol/errors.ts";
import { ERROR_REPLY } from "../protocol/reply.ts";
import type { AnyClientEvent, Snapshot, StreamOptions } from "./client-types.ts";
import type { Core } from "./core.ts";
import { type Add, type Listener, listeners } from "./listeners.ts";
import { stream } from "./stream.ts";
import { write } from "./wire.ts";

/** A handler, whatever its event. */
export type AnyHandler = Listener<AnyClientEvent>;

/** What users see of the handlers; described with the client. */
export interface HandlersApi {
  readonly onEvent: (eventName: string | undefined, handler: AnyHandler) => () => void;
  readonly onAnyEvent: (handler: AnyHandler) => () => void;
  readonly once: (eventName: string, handler: AnyHandler) => () => void;
  readonly events: (eventName: string, options?: StreamOptions) => AsyncIterableIterator<AnyClientEvent>;
}

/**
 * Calls the handlers of an event, those of every event first. None is waited for. A request is answered with what the
 * handler returns that was registered first.
 *
 * @param re - The id of a request.
 * @param reply - Where its answer leaves.
 * @param failure - What speaks against the event: it is reported and answered with, and no handler runs.
 */
export type Dispatch = (event: AnyClientEvent, re: unknown, reply: (text: string) => void, failure: unknown) => void;

/** The handlers of a client that has none. */
export function createHandlers({ sent, call }: Core, subscribe: Add<Snapshot>): readonly [HandlersApi, Dispatch] {
  const lists = new Map<string | undefined, ReturnType<typeof listeners<AnyClientEvent>>>();
  const onEvent: HandlersApi["onEvent"] = (eventName, handler) => {
    const list = lists.get(eventName) ?? listeners();
    lists.set(eventName, list);
    return list[0](handler);
  };
  return [
    {
      onEvent,
      onAnyEvent: (handler) => onEvent(undefined, handler),
      once(eventName, handler) {
        const stop = onEvent(eventName, (event) => {
          stop();
          return handler(event);
        });
        return stop;
      },
      events: (eventName, options) => stream((push) => onEvent(eventName, push), subscribe, options),
    },
    (event, re, reply, failure) => {
      const { eventName } = event;
      const results: Promise<unknown>[] = [];
      const run = (handler: AnyHandler) => results.push(call(handler, event, eventName));
      if (failure === undefined) {
        lists.get(undefined)?.[1](run);
        results.length = 0;
        lists.get(eventName)?.[1](run);
      } else run(() => Promise.reject(failure));
      if (typeof re !== "string") return;
      const encode = (name: string, payload: unknown) => write(name, payload, {}, { re }, sent);
      const [answer = Promise.reject(new ZapError("unknown_event"))] = results;
      answer
        .then((result) => call((payload) => encode(eventName, payload), result, eventName))
        .catch((error) => {
          // Only what was meant for the one who asked is told.
          const meant = error instanceof ZapError && !(error instanceof UnmeantError);
          const { code, message, details } = meant ? error : new ZapError("internal");
          try {
            return encode(ERROR_REPLY, { code, message, details });
          } catch {
            // Better without its details than not at all.
            return encode(ERROR_REPLY, { code });
          }
        })
        .then(reply, () => {});
    },
  ];
}
