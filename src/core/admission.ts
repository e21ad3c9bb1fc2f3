// Decides who may connect, before a socket is opened where the runtime allows it. Reads no frames.
import type { Limits } from "../protocol/limits.ts";
import { readOffer, withoutToken } from "../protocol/subprotocol-offer.ts";
import { type Admission, Admitted, Rejected, type RejectionReason } from "./admission-verdict.ts";
import type { Authenticator } from "./authentication.ts";
import { ConnectionSlots, type Slot } from "./connection-slots.ts";
import { isOriginAllowed } from "./origin.ts";
import type { TrustedProxies } from "./peer-address.ts";
import type { Principal } from "./principal.ts";
import type { Handshake } from "./transport.ts";

/** A request to connect. */
export interface AdmissionRequest extends Handshake {
  /** Whether the socket itself is encrypted. */
  readonly secure: boolean;
  /** Aborts when the peer has gone, where the runtime tells. */
  readonly gone?: AbortSignal;
}

/** What a register's admission is made of. */
export interface AdmissionOptions {
  readonly limits: Limits;
  readonly origins: readonly string[];
  readonly proxies: TrustedProxies;
  /** Absent where anybody may connect. */
  readonly authenticator: Authenticator | undefined;
  /** Whether those who bring no proof of who they are may bring it in `zap:auth`. */
  readonly later: boolean;
  /** Told why somebody was not let in. */
  readonly count: (reason: RejectionReason) => void;
}

const NEVER: AbortSignal = new AbortController().signal;

/** The door of one register. */
export class Door {
  readonly #options: AdmissionOptions;
  readonly #slots: ConnectionSlots;

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#slots = new ConnectionSlots(options.limits);
  }

  /** Whether the application is asked who it is. */
  get asks(): boolean {
    return this.#options.authenticator !== undefined;
  }

  /**
   * Origin, connection limits, subprotocol, authentication: in this order.
   *
   * @param known - Who it is, where the caller has established that already.
   * @returns A promise only where the application is asked; it never rejects.
   */
  admit(request: AdmissionRequest, known?: Principal): Admission | Promise<Admission> {
    const { authenticator } = this.#options;
    const { headers } = request;
    if (!this.#isOriginAllowed(request)) return this.#reject("origin");
    const address = this.#options.proxies.peerOf(request.address, headers.get("x-forwarded-for"));
    const slot = this.#slots.take(address);
    if (typeof slot === "string") return this.#reject(slot);
    const { protocol, token } = readOffer(headers.get("sec-websocket-protocol"));
    const handshake = { url: request.url, address, headers: { get: (name: string) => headerOf(request, name) } };
    const admitted = (principal?: Principal) => new Admitted(this, handshake, protocol, principal, slot);
    if (known !== undefined || authenticator === undefined) return admitted(known);
    const question = {
      handshake,
      token: token ?? bearerOf(handshake),
      principal: undefined,
      gone: request.gone ?? NEVER,
    };
    return authenticator.verify(question).then((verdict) => {
      if (!(verdict instanceof Rejected)) return admitted(verdict);
      return this.#mayProveLater(verdict, question.token) ? admitted() : this.#turnAway(verdict, slot);
    });
  }

  #isOriginAllowed({ headers, secure }: AdmissionRequest): boolean {
    const { origins } = this.#options;
    return isOriginAllowed({ origin: headers.get("origin"), host: headers.get("host"), secure, allowed: origins });
  }

  #mayProveLater({ reason }: Rejected, token: string | undefined): boolean {
    const unproven = reason === "unauthenticated" || reason === "authentication_failed";
    return this.#options.later && token === undefined && unproven;
  }

  #turnAway(verdict: Rejected, slot: Slot): Rejected {
    slot.release();
    this.#options.count(verdict.reason);
    return verdict;
  }

  #reject(reason: RejectionReason): Rejected {
    this.#options.count(reason);
    return new Rejected(reason);
  }
}

function headerOf({ headers }: Handshake, name: string): string | null {
  const value = headers.get(name);
  return value !== null && name.toLowerCase() === "sec-websocket-protocol" ? withoutToken(value) : value;
}

/** The token of `Authorization: Bearer` (RFC 6750, section 2.1). */
function bearerOf({ headers }: Handshake): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(headers.get("authorization") ?? "")?.[1];
}
