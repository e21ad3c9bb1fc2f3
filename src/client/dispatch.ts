// Brings an event to its handlers and, when it is a request, their answer to the server. Knows nothing of connections.
import type { ClientChecks } from "../protocol/checks-of-contracts.ts";
import { UnmeantError, ZapError } from "../protocol/errors.ts";
import type { SharedLimits } from "../protocol/shared-limits.ts";
import type { Emit } from "./audience.ts";
import { type Call, fail } from "./call.ts";
import type { AnyClientEvent } from "./client-types.ts";
import type { WebSocketLike } from "./socket.ts";
import { write } from "./wire.ts";

/**
 * Has an event checked and handled: by the handlers of every event first, then by those of its name.
 *
 * @param id - The id of a request. It is answered with what the handler returns that was registered first.
 * @param by - The connection it came by: its answer leaves by this one, or not at all.
 */
export type Dispatch = (event: AnyClientEvent, id: unknown, by: WebSocketLike) => void;

// Times the soft limit: what may wait before an answer, which is worth more than a volatile event.
const ANSWERED = 4;

/** @param limits - Those of what is sent. */
export function createDispatch(call: Call, emit: Emit, limits: SharedLimits, checks?: ClientChecks): Dispatch {
  return (given, id, by) => {
    const { eventName } = given;
    const answerWith = (result: Promise<unknown> | false | undefined) => {
      if (typeof id !== "string") return;
      const encode = (name: string, payload: unknown) => write(limits, name, payload, {}, { re: id });
      (result || fail(new ZapError("unknown_event")))
        .then((payload) => call(() => encode(eventName, payload), eventName))
        .catch((error) => {
          // Only what was meant for the one who asked is told.
          const meant = error instanceof ZapError && !(error instanceof UnmeantError);
          const { code, message, details } = meant ? error : new ZapError("internal");
          try {
            return encode("error", { code, message, details });
          } catch {
            // Better without its details than not at all.
            return encode("error", { code });
          }
        })
        // A server that asks and does not read gets no more answers.
        .then((text) => by.bufferedAmount > limits.bufferedBytesSoft * ANSWERED || by.send(text))
        .catch(() => {});
    };
    const take = (payload: unknown) => {
      const event = { ...given, payload };
      emit(undefined, eventName, event);
      answerWith(emit(eventName, eventName, event)[0]);
    };
    if (checks) checks.event(eventName, given.payload, take, (error) => answerWith(call(fail, eventName, error)));
    else take(given.payload);
  };
}
