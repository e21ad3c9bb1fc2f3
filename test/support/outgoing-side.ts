// The outgoing side of a client by itself, for tests: with a socket that keeps what is sent, or without one.
import { createAudience } from "../../src/client/audience.ts";
import { caller } from "../../src/client/call.ts";
import type { Overflow } from "../../src/client/client-types.ts";
import { createOutgoing, type OutgoingApi } from "../../src/client/outgoing.ts";
import type { WebSocketLike } from "../../src/client/socket.ts";
import { DEFAULT_LIMITS } from "../../src/protocol/limits.ts";
import { SleepingClock } from "./sleeping-clock.ts";

/** What there is to see of it, and to do to it. */
export interface OutgoingSide extends OutgoingApi {
  readonly clock: SleepingClock;
  /** The names of the events that have left, in order. */
  readonly names: string[];
  /** The ids of the requests that have left, in order. */
  readonly ids: string[];
  /** The socket is there and open: what has waited leaves. */
  opened(): void;
  /** The socket is gone. */
  lost(): void;
  readonly answer: (re: unknown, eventName: string, payload: unknown) => void;
}

/** An outgoing side that has sent nothing yet, and has no socket. */
export function outgoingSide(
  options: { readonly queueLimit?: number; readonly overflow?: Overflow; readonly pendingRequests?: number } = {},
): OutgoingSide {
  const clock = new SleepingClock();
  const call = caller(() => {});
  const names: string[] = [];
  const ids: string[] = [];
  const open: WebSocketLike = {
    readyState: 1,
    bufferedAmount: 0,
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    send(text) {
      const { eventName, headers } = JSON.parse(text);
      names.push(eventName);
      if (headers?.zap?.id !== undefined) ids.push(headers.zap.id);
    },
    close: () => {},
  };
  let socket: WebSocketLike | undefined;
  const { pendingRequests = DEFAULT_LIMITS.pendingRequests } = options;
  const limits = { ...DEFAULT_LIMITS, pendingRequests };
  const [audience, change] = createAudience(clock, call);
  const [api, flush, lost, answer] = createOutgoing(
    options,
    [clock, call, change, audience],
    limits,
    undefined,
    () => socket,
  );
  return {
    ...api,
    clock,
    names,
    ids,
    answer,
    opened() {
      socket = open;
      flush(open);
    },
    lost() {
      socket = undefined;
      lost(false);
    },
  };
}
