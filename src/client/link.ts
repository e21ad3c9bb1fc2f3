// Keeps a client connected: opens one socket after the other, watches it, and tries again when the policy says so.
// Knows no events but the control events.
import { type CloseCode, REASON_BYTES } from "../protocol/close-codes.ts";
import { AUTH, encodeAuth, HELLO_TEXT } from "../protocol/control.ts";
import { brief } from "../protocol/errors.ts";
import { owned } from "./call.ts";
import type { Snapshot, Source } from "./client-types.ts";
import { createControlChannel } from "./control-channel.ts";
import type { Core } from "./core.ts";
import { browserEnvironment } from "./environment.ts";
import { createRetryPolicy, SHORTEST_DELAY_MS } from "./retry-policy.ts";
import { openSocket, sendBy, type WebSocketLike } from "./socket.ts";
import { offer } from "./subprotocols.ts";

const ABNORMAL: CloseCode = 1006;
const BAD_ENVELOPE: CloseCode = 4400;
const CONNECT_MS = 10_000;
const STABLE_MS = 5_000;
// Times the soft limit: what may wait before an answer, which is worth more than a volatile event.
const ANSWERED = 4;

/** Whom a link tells what happens. */
export interface LinkOwner {
  /** The socket is open: what has waited may leave. */
  readonly flush: (send: (text: string) => void) => void;
  /** A frame came. What this throws was a bad frame. */
  readonly received: (data: unknown, reply: (text: string) => void) => void;
  /** The connection or the attempt is over, and for good if `final`. */
  readonly lost: (final: boolean) => void;
}

/** What users see of the link; described with the client. */
export interface LinkApi {
  readonly features: ReadonlySet<string>;
  readonly connect: () => Promise<void>;
  readonly close: (code?: number, reason?: string) => Promise<void>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
  readonly renewToken: () => Promise<void>;
  readonly tryReconnect: () => Promise<void>;
}

/** The socket, when it can be sent by. */
export type LiveSocket = () => WebSocketLike | undefined;

/** Takes a control event; those of later versions are passed over. */
export type TakeControl = (eventName: string, payload: unknown) => void;

/** A link that has not begun to connect. */
export function createLink(
  core: Core,
  url: Source<string | URL>,
  ready: () => Promise<void>,
  { flush, received, lost }: LinkOwner,
): readonly [LinkApi, LiveSocket, TakeControl] {
  const { options, limits, clock, call, getSnapshot, change } = core;
  const { WebSocket = globalThis.WebSocket, environment = browserEnvironment, token } = options;
  const policy = createRetryPolicy(options);
  /** Counts attempts and connections, so that what comes back from an earlier one is told apart. */
  let era = 0;
  let socket: WebSocketLike | undefined;
  let cancel = () => {};
  let stopEnvironment = () => {};
  let closing: Promise<unknown> | undefined;
  /** The renewal on its way: a server may ask for tokens faster than there are any. */
  let renewing: Promise<void> | undefined;

  const report = (error: unknown, about: string) => owned(call(() => Promise.reject(error), undefined, about));

  const after = (delay: number, callback: () => void) => {
    cancel();
    cancel = clock.after(delay, callback);
  };

  /** Lets go of what there is. @returns New attempts since the connection was last stable. */
  const release = (final = false, code?: number, reason?: string): number => {
    const { status, since, attempt } = getSnapshot();
    const left = socket;
    era++;
    socket = undefined;
    renewing = undefined;
    cancel();
    control.liveness?.stop();
    control.liveness = undefined;
    control.features.clear();
    left?.close(code, reason);
    lost(final);
    return status === "open" && clock.now() - since >= STABLE_MS ? 0 : attempt;
  };

  const wait = (delay: number, changes: Partial<Snapshot> = {}) => {
    after(delay, () => dial(getSnapshot().attempt + 1));
    change({ status: "waiting", retryAt: clock.now() + delay, ...changes });
  };

  const finish = (code: number, reason: string) => {
    release(true, code, reason);
    stopEnvironment();
    change({ status: "closed", queued: 0, lastClose: { code, reason } });
  };

  const over = (code: number, reason: string, told?: number) => {
    const lastClose = { code, reason };
    const attempt = release(false, told);
    const released = era;
    let delay: number | undefined;
    try {
      delay = policy(lastClose, attempt, control.windowMs);
    } catch (error) {
      report(error, "shouldReconnect");
    }
    control.windowMs = 0;
    // The application was asked, and may have closed the client.
    if (era !== released) return;
    if (delay === undefined) finish(code, reason);
    else wait(delay, { attempt, lastClose });
  };

  const dial = (attempt: number) => {
    const dialled = ++era;
    const current = () => era === dialled;
    const failed = (next: typeof over) => (error: unknown) => {
      if (!current()) return;
      report(error, "connect");
      next(ABNORMAL, "failed");
    };
    after(CONNECT_MS, () => over(ABNORMAL, "timeout"));
    change({ status: "connecting", attempt });
    Promise.all([ask(url), ask(token)])
      .then(([address, credential]) => {
        if (!current()) return;
        socket = openSocket(WebSocket, String(address), offer(credential), {
          current,
          opened(opened) {
            cancel();
            opened.send(HELLO_TEXT);
            flush((text) => opened.send(text));
            change({ status: "open", queued: 0 });
          },
          received(data, from) {
            control.liveness?.heard();
            try {
              received(data, (text) => sendBy(from, text, limits.bufferedBytesSoft * ANSWERED));
            } catch (error) {
              report(brief("bad_envelope", "received", error), "received");
              over(BAD_ENVELOPE, "bad envelope", BAD_ENVELOPE);
            }
          },
          closed: over,
        });
      }, failed(over))
      // No later attempt will do better with this address.
      .catch(failed(finish));
  };

  const wake = () => {
    const { status, retryAt = 0 } = getSnapshot();
    control.liveness?.probe();
    if (status === "offline" || retryAt > clock.now() + SHORTEST_DELAY_MS) wait(SHORTEST_DELAY_MS);
  };

  const connect = () => {
    const { status } = getSnapshot();
    if (status === "idle" || status === "closed") {
      stopEnvironment = environment((signal) => {
        if (signal === "online") wake();
        else if (getSnapshot().status !== signal) {
          change({ attempt: release(), status: signal, lastClose: { code: ABNORMAL, reason: signal } });
        }
      });
      dial(0);
    }
    return ready();
  };

  const renew = async () => {
    const asked = era;
    try {
      const renewed = control.liveness && (await call(ask<string | undefined>, token, AUTH));
      if (renewed !== undefined && era === asked) sendBy(socket, encodeAuth(renewed));
    } finally {
      if (era === asked) renewing = undefined;
    }
  };

  const shut = async (code: number, reason: string) => {
    // What browsers take (WHATWG, WebSockets, close()).
    if (code !== 1000 && !(code >= 3000 && code <= 4999)) throw brief("invalid_close_code", String(code));
    const left = socket;
    const { read } = new TextEncoder().encodeInto(reason, new Uint8Array(REASON_BYTES));
    if (getSnapshot().status !== "closed") finish(code, reason.slice(0, read));
    if (left !== undefined) {
      closing = new Promise((resolve) => {
        const stop = clock.after(limits.closeMs, () => resolve(undefined));
        left.onclose = () => resolve(stop());
      });
    }
    await closing;
  };

  const renewToken = () => {
    renewing ??= owned(renew());
    return renewing;
  };
  const close = (code = 1000, reason = "") => owned(shut(code, reason));

  const control = createControlChannel(
    core,
    (text, most) => sendBy(socket, text, most),
    renewToken,
    () => over(ABNORMAL, "no sign of life"),
  );

  return [
    {
      features: control.features,
      connect,
      renewToken,
      close,
      [Symbol.asyncDispose]: () => close(),
      tryReconnect() {
        wake();
        return connect();
      },
    },
    () => (getSnapshot().status === "open" && socket?.readyState === 1 ? socket : undefined),
    control.take,
  ];
}

/** What a source has to say now. */
async function ask<T>(source: Source<T>): Promise<T> {
  return typeof source === "function" ? (source as () => T | Promise<T>)() : source;
}
