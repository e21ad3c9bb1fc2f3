// Answers the control events of a client. Knows nothing of sockets or of the application's events.
import { AUTH, encodeWelcome, HELLO, PING, PONG, PONG_TEXT, parseAuth } from "../protocol/control.ts";
import type { Limits } from "../protocol/limits.ts";

/** Whose control events they are. */
export interface ControlOwner {
  readonly limits: Limits;
  /** Whether the peer has said `zap:hello`; nothing is sent to one that has not. */
  readonly greeted: boolean;
  /** The peer understands control events. */
  greet(): void;
  pushText(text: string): void;
  /** The peer sent a token; undefined for one that cannot be read. */
  takeToken(token: string | undefined): void;
}

/** What this server can do beyond the plain protocol, as it says in `zap:welcome`. */
const FEATURES: readonly string[] = Object.freeze(["draining"]);

/**
 * Takes an event under `zap:` from a client.
 *
 * @param id - The id of its connection.
 * @returns False when it is none a client may send.
 */
export function takeControlEvent(
  owner: ControlOwner,
  id: string,
  { eventName, payload }: { readonly eventName: string; readonly payload: unknown },
): boolean {
  switch (eventName) {
    case HELLO:
      if (!owner.greeted) {
        owner.greet();
        owner.pushText(welcome(id, owner.limits));
      }
      return true;
    case PING:
      if (owner.greeted) owner.pushText(PONG_TEXT);
      return true;
    // Any frame shows that the peer is there.
    case PONG:
      return true;
    case AUTH:
      owner.takeToken(parseAuth(payload));
      return true;
    default:
      return false;
  }
}

function welcome(id: string, { heartbeatMs, envelopeBytes }: Limits): string {
  return encodeWelcome({ id, heartbeatMs, envelopeBytes, features: FEATURES });
}
