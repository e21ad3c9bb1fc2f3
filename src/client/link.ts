// Keeps a client connected: opens one socket after the other, watches it, and tries again when the policy says so.
// Knows no events but the control events.
import type { ClientChecks } from "../protocol/checks-of-contracts.ts";
import type { REASON_BYTES } from "../protocol/close-codes.ts";
import {
  type ControlName,
  LONGEST_MS,
  numberWithin,
  SHORTEST_HEARTBEAT_MS,
  textsOf,
  WELCOME_TIMEOUT_MS,
} from "../protocol/control.ts";
import { brief, ensure } from "../protocol/errors.ts";
import type { CONTROL_PREFIX } from "../protocol/names.ts";
import type { SharedLimits } from "../protocol/shared-limits.ts";
import type { Core } from "./audience.ts";
import { fail, quietly } from "./call.ts";
import type { ClientOptions, ClientStatus, CloseInfo, Source } from "./client-types.ts";
import type { Dispatch } from "./dispatch.ts";
import { browserEnvironment } from "./environment.ts";
import { ABNORMAL, BAD_ENVELOPE, CONNECT_MS, SHORTEST_DELAY_MS, STABLE_MS } from "./numbers.ts";
import { createOutgoing, type OutgoingApi } from "./outgoing.ts";
import { createRetryPolicy } from "./retry-policy.ts";
import { isDown } from "./snapshot.ts";
import type { WebSocketLike } from "./socket.ts";
import { offer } from "./subprotocols.ts";
import { read } from "./wire.ts";

/** What users see of the link; described with the client. */
export interface LinkApi extends OutgoingApi {
  readonly features: ReadonlySet<string>;
  readonly connect: () => Promise<void>;
  readonly close: (code?: number, reason?: string) => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
  readonly renewToken: () => Promise<void>;
  readonly tryReconnect: () => Promise<void>;
}

/**
 * A link that has not begun to connect.
 *
 * @param sent - The limits of what is sent: smaller when the server says that it takes less.
 * @param dispatch - Takes the events that come.
 */
export function createLink(
  url: Source<string | URL>,
  options: Omit<ClientOptions<unknown>, "contract">,
  core: Core,
  limits: SharedLimits,
  sent: SharedLimits & { envelopeBytes: number },
  checks: ClientChecks | undefined,
  dispatch: Dispatch,
): LinkApi {
  const [clock, call, change, { getSnapshot, ready }] = core;
  const { WebSocket = globalThis.WebSocket, environment = browserEnvironment, token } = options;
  const decide = createRetryPolicy(options);
  const [outgoing, flush, lost, answer] = createOutgoing(options, core, sent, checks, () => socket);
  const features = new Set<string>();
  /** Counts attempts and what ended them, so that what comes back from an earlier one is told apart. */
  let era = 0;
  let socket: WebSocketLike | undefined;
  /** Cancels the one timer: of the attempt, of the watch over the connection, or of the next attempt. */
  let cancel = () => {};
  let stopEnvironment = () => {};
  let closing: Promise<void> | undefined;
  let renewing: Promise<void> | undefined;
  /** Milliseconds over which the server wants its clients back; 0 when it has not said. */
  let windowMs = 0;
  /** Milliseconds of silence after which the server is asked for a sign of life; 0 for a plain server, which is not. */
  let idleMs = 0;
  let heardAt: number;
  /** When the question left that waits for an answer; 0 when none does. */
  let pingedAt = 0;

  const after = (delay: number, callback: () => void) => {
    cancel();
    cancel = clock.after(delay, callback);
  };

  const say = (eventName: ControlName, payload: unknown = null) => socket?.send(JSON.stringify({ eventName, payload }));

  /**
   * Lets go of the connection or attempt there is, and tries again or not.
   *
   * @param status - What comes next, and when; without it the policy decides.
   */
  const leave = (lastClose: CloseInfo, status?: ClientStatus, delay?: number) => {
    const before = getSnapshot();
    const attempt = before.status === "open" && clock.now() - before.since >= STABLE_MS ? 0 : before.attempt;
    if (!status) {
      const ended = era;
      try {
        delay = decide(lastClose, attempt, windowMs);
      } catch (error) {
        call(fail, "shouldReconnect", error);
      }
      // The application was asked, and may have closed the client.
      if (era !== ended) return;
      status = delay ? "waiting" : "closed";
    }
    era++;
    idleMs = windowMs = 0;
    cancel();
    features.clear();
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
      socket = renewing = undefined;
    }
    const isFinal = status === "closed";
    if (isFinal) stopEnvironment();
    if (delay) after(delay, () => dial(attempt + 1));
    change({ status, lastClose, attempt, retryAt: delay && clock.now() + delay, queued: lost(isFinal) });
  };

  const lose = (reason: string, status?: ClientStatus) => leave({ code: ABNORMAL, reason }, status);

  /** Has the silence looked at after `delay`. Judges by instants, for hidden tabs and sleeping machines fire late. */
  const watch = (delay: number) =>
    after(delay, () => {
      const left = heardAt + idleMs - clock.now();
      if (pingedAt) lose("timeout");
      // More than all of it is left when the clock was set back: then nobody knows how long the silence was.
      else if (left > 0 && left <= idleMs) watch(left);
      else probe();
    });

  /** Asks for a sign of life, unless one is being waited for or the server is a plain one. */
  const probe = () => {
    if (!idleMs || pingedAt) return;
    pingedAt = clock.now();
    watch(limits.heartbeatTimeoutMs);
    say("zap:ping");
  };

  /** Takes a frame. @throws when it is none the server should send */
  const receive = (data: unknown, by: WebSocketLike) => {
    const { eventName, payload = null, headers } = read(limits, data, "received");
    const { zap, ...own } = Object(headers);
    const { id, re } = Object(zap);
    if (eventName.startsWith("zap:" satisfies typeof CONTROL_PREFIX))
      control[eventName as ControlName]?.(Object(payload));
    else if (re !== undefined) answer(re, eventName, payload);
    else dispatch({ eventName, payload, headers: own }, id, by);
    heardAt = clock.now();
    pingedAt = 0;
  };

  const dial = (attempt: number) => {
    const dialled = ++era;
    let next: ClientStatus | undefined;
    after(CONNECT_MS, () => lose("timeout"));
    change({ status: "connecting", attempt });
    call(async () => {
      const [address, credential] = await Promise.all([ask(url), ask(token)]);
      if (era !== dialled) return;
      // No later attempt will do better with an address that is none.
      next = "closed";
      const opened = new WebSocket(String(address), offer(credential));
      socket = opened;
      opened.onopen = () => {
        cancel();
        say("zap:hello", { version: 1 });
        flush(opened);
        change({ status: "open", queued: 0 });
      };
      opened.onmessage = ({ data }: { readonly data: unknown }) => {
        try {
          receive(data, opened);
        } catch (error) {
          call(fail, "received", brief("bad_envelope", "received", error));
          opened.close(BAD_ENVELOPE);
          leave({ code: BAD_ENVELOPE, reason: "bad_envelope" });
        }
      };
      // Some runtimes tell an abrupt loss as 0.
      opened.onclose = ({ code, reason }: CloseInfo) => leave({ code: code || ABNORMAL, reason });
      // An error is always followed by the close, which is what counts; but it must find a listener.
      opened.onerror = () => {};
    }, "connect").catch(() => era === dialled && lose("failed", next));
  };

  const wake = () => {
    const { status, retryAt = 0, lastClose } = getSnapshot();
    probe();
    if (status === "offline" || retryAt > clock.now() + SHORTEST_DELAY_MS) {
      leave(lastClose as CloseInfo, "waiting", SHORTEST_DELAY_MS);
    }
  };

  const connect = () => {
    if (isDown(getSnapshot())) {
      stopEnvironment = environment((signal) => (signal === "online" ? wake() : lose(signal, signal)));
      dial(0);
    }
    return ready();
  };

  const renewToken = () => {
    // One at a time: a server may ask for tokens faster than there are any.
    renewing ??= quietly(async () => {
      const by = socket;
      try {
        const renewed = idleMs && (await call(ask, "zap:auth", token));
        if (renewed && socket === by) say("zap:auth", { token: renewed });
      } finally {
        if (socket === by) renewing = undefined;
      }
    });
    return renewing;
  };

  const close = (code = 1000, reason = "") =>
    quietly(async () => {
      // What browsers take (WHATWG, WebSockets, close()).
      ensure(code === 1000 || (code >= 3000 && code <= 4999), "invalid_close_code", code);
      const left = socket;
      const room = new Uint8Array(123 satisfies typeof REASON_BYTES);
      const cut = reason.slice(0, new TextEncoder().encodeInto(reason, room).read);
      left?.close(code, cut);
      if (getSnapshot().status !== "closed") leave({ code, reason: cut }, "closed");
      if (left) {
        closing = new Promise<void>((resolve) => {
          const stop = clock.after(limits.closeMs, resolve);
          left.onclose = () => resolve(stop());
        });
      }
      await closing;
    });

  /** What the server says about the connection, by the names of its events; those of later versions are passed over. */
  const control: Control = {
    // Not to a server that asks and does not read.
    "zap:ping": () => (socket && socket.bufferedAmount > limits.bufferedBytesSoft) || say("zap:pong"),
    "zap:pong": () => pingedAt && change({ latency: clock.now() - pingedAt }),
    "zap:auth": renewToken,
    "zap:draining": (payload) => {
      windowMs = numberWithin(payload.windowMs, 0, LONGEST_MS) ?? 0;
    },
    "zap:welcome"(payload) {
      // The hello left when the connection opened, and this is the answer to it.
      const latency = clock.now() - getSnapshot().since;
      if (idleMs || latency > WELCOME_TIMEOUT_MS) return;
      idleMs = numberWithin(payload.heartbeatMs, SHORTEST_HEARTBEAT_MS, LONGEST_MS) ?? limits.heartbeatMs;
      sent.envelopeBytes =
        numberWithin(Object(payload.limits).envelopeBytes, 1, limits.envelopeBytes) ?? limits.envelopeBytes;
      for (const feature of textsOf(payload.features)) features.add(feature);
      watch(idleMs);
      change({ latency });
    },
  };

  return {
    ...outgoing,
    features,
    connect,
    renewToken,
    close,
    [Symbol.asyncDispose]: close,
    tryReconnect() {
      wake();
      return connect();
    },
  };
}

type Control = { readonly [name in ControlName]?: (payload: { readonly [field: string]: unknown }) => unknown };

/** What a source has to say now. */
async function ask<T>(source: Source<T>): Promise<T> {
  return typeof source === "function" ? (source as () => T | Promise<T>)() : source;
}
