// What becomes of a request to connect: it is admitted, or rejected for a reason. Judges nothing itself.
import { CloseCode } from "../protocol/close-codes.ts";
import type { SUBPROTOCOL } from "../protocol/names.ts";
import type { Slot } from "./connection-slots.ts";
import type { Principal } from "./principal.ts";
import type { Handshake } from "./transport.ts";

/** A request to connect that was let in. It is plugged, or abandoned when there is nobody left to plug. */
export class Admitted {
  /** Who let it in. */
  readonly door: object;
  /** What handlers of `connected` get to see. */
  readonly handshake: Handshake;
  /** The subprotocol to select; undefined for none. */
  readonly protocol: typeof SUBPROTOCOL | undefined;
  /** Who it is. Undefined where nobody is asked, or where `zap:auth` will tell. */
  readonly principal: Principal | undefined;
  /** Its place among the connections of the register. */
  readonly slot: Slot;

  constructor(
    door: object,
    handshake: Handshake,
    protocol: typeof SUBPROTOCOL | undefined,
    principal: Principal | undefined,
    slot: Slot,
  ) {
    this.door = door;
    this.handshake = handshake;
    this.protocol = protocol;
    this.principal = principal;
    this.slot = slot;
  }

  /** Gives its place to somebody else: the socket could not be opened. */
  abandon(): void {
    this.slot.release();
  }
}

/** Why a request to connect is rejected: what `register.stats().rejected` counts by. */
export type RejectionReason =
  | "address_limit"
  | "authentication_failed"
  | "authentication_timeout"
  | "connection_limit"
  | "draining"
  | "forbidden"
  | "gone"
  | "origin"
  | "unauthenticated";

/** A request to connect that was not let in: an HTTP response and, where the socket is open already, a Close. */
export class Rejected {
  readonly reason: RejectionReason;
  /** The HTTP status to refuse the upgrade with. */
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The body of the response: text. */
  readonly body: string;
  /** What a socket that is open already is closed with. */
  readonly closeCode: CloseCode;

  /** @param response - The application's own; by default it follows from the reason. */
  constructor(reason: RejectionReason, response?: Pick<Rejected, "status" | "headers" | "body">) {
    const [status, closeCode, body] = TEXTS[reason];
    this.reason = reason;
    this.status = response?.status ?? status;
    this.headers = response?.headers ?? (RETRIED.has(status) ? RETRY : []);
    this.body = response?.body ?? body;
    this.closeCode = closeCode;
  }
}

// Overload passes; what is not allowed does not.
const RETRIED: ReadonlySet<number> = new Set([429, 503]);
const RETRY = [["Retry-After", "5"]] as const;

/** What becomes of a request to connect. */
export type Admission = Admitted | Rejected;

const TEXTS: Readonly<Record<RejectionReason, readonly [status: number, closeCode: CloseCode, body: string]>> = {
  address_limit: [429, CloseCode.overloaded, "Too many connections from this address."],
  authentication_failed: [401, CloseCode.unauthenticated, "Authentication failed."],
  authentication_timeout: [503, CloseCode.authenticationTimeout, "Authentication took too long."],
  connection_limit: [503, CloseCode.overloaded, "There are as many connections as this server takes."],
  draining: [503, CloseCode.draining, "The server is going away."],
  forbidden: [403, CloseCode.forbidden, "Not allowed."],
  gone: [400, CloseCode.abnormal, "The peer has gone."],
  origin: [403, CloseCode.forbidden, "This origin may not connect."],
  unauthenticated: [401, CloseCode.unauthenticated, "Authentication is needed."],
};

/** The part of a WHATWG `Response` that is used here. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Iterable<readonly [string, string]>;
  text(): Promise<string>;
}

// What belongs to the connection or to the body's own form: whoever writes the response says these.
const NOT_FORWARDED: ReadonlySet<string> = new Set(["connection", "content-length", "transfer-encoding", "upgrade"]);

/** The rejection with a response of the application's own. */
export async function rejectedWith(response: HttpResponse): Promise<Rejected> {
  const { status } = response;
  const headers = [...response.headers].filter(([name]) => !NOT_FORWARDED.has(name.toLowerCase()));
  const reason = status === 401 ? "unauthenticated" : "forbidden";
  // Below 200 it would be no answer, and 101 would be an upgrade that did not happen.
  const honest = status >= 200 ? status : 500;
  return new Rejected(reason, { status: honest, headers, body: await response.text() });
}
