// What client and server tell each other about their connection: the welcome, signs of life, the window of a drain.
// Knows no sockets: texts leave through who made it.
import {
  AUTH,
  DRAINING,
  PING,
  PING_TEXT,
  PONG,
  PONG_TEXT,
  parseDraining,
  parseWelcome,
  WELCOME,
  WELCOME_TIMEOUT_MS,
} from "../protocol/control.ts";
import type { Core } from "./core.ts";
import { type Liveness, watch } from "./liveness.ts";

/** The control channel of one client, over all its connections. */
export interface ControlChannel {
  /** What the server can do; empty towards a plain one. */
  readonly features: Set<string>;
  /** Milliseconds over which the server wants its clients back; 0 when it has not said. */
  windowMs: number;
  /** The watch over the connection, if the server is not a plain one. */
  liveness: Liveness | undefined;
  /** Takes a control event; those of later versions are passed over. */
  readonly take: (eventName: string, payload: unknown) => void;
}

/**
 * A channel over which nothing has been said.
 *
 * @param say - Sends a text by the connection there is, unless more than `most` bytes wait.
 * @param renew - The server wants a new token.
 * @param dead - The server is gone without a word.
 */
export function createControlChannel(
  { clock, limits, sent, getSnapshot, change }: Core,
  say: (text: string, most?: number) => void,
  renew: () => unknown,
  dead: () => void,
): ControlChannel {
  let pingedAt = 0;
  const ping = () => {
    pingedAt = clock.now();
    say(PING_TEXT);
  };
  const welcomed = (payload: unknown) => {
    const { heartbeatMs, envelopeBytes, features } = parseWelcome(payload);
    for (const feature of features) channel.features.add(feature);
    sent.envelopeBytes = Math.min(limits.envelopeBytes, envelopeBytes ?? limits.envelopeBytes);
    channel.liveness = watch({
      clock,
      idleMs: heartbeatMs ?? limits.heartbeatMs,
      timeoutMs: limits.heartbeatTimeoutMs,
      ping,
      dead,
    });
  };
  const channel: ControlChannel = {
    features: new Set(),
    windowMs: 0,
    liveness: undefined,
    take(eventName, payload) {
      const now = clock.now();
      const openMs = now - getSnapshot().since;
      if (eventName === PING) say(PONG_TEXT, limits.bufferedBytesSoft);
      if (eventName === PONG) change({ latency: now - pingedAt });
      if (eventName === AUTH) renew();
      if (eventName === DRAINING) channel.windowMs = parseDraining(payload).windowMs;
      if (eventName === WELCOME && channel.liveness === undefined && openMs <= WELCOME_TIMEOUT_MS) {
        welcomed(payload);
        // The hello left when the connection opened, and this is the answer to it.
        change({ latency: openMs });
      }
    },
  };
  return channel;
}
