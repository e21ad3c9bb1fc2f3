// Decides who may connect, before a socket is opened where the runtime allows it. Reads no frames.
import type { Limits } from "../protocol/limits.ts";
import { readOffer, withoutToken } from "../protocol/subprotocol-offer.ts";
import { type Admission, Admitted, Rejected, type RejectionReason } from "./admission-verdict.ts";
import type { Authenticator, Question } from "./authentication.ts";
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

/** The door of one register. */
export class Door {
  readonly #options: AdmissionOptions;
  readonly #slots: ConnectionSlots;
  /** Those of whom the application is asked now. */
  readonly #asking = new Set<AbortController>();
  #state: "open" | "closed" = "open";

  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.#slots = new ConnectionSlots(options.limits);
  }

  /** Whether the application is asked who it is. */
  get asks(): boolean {
    return this.#options.authenticator !== undefined;
  }

  /** Admits nobody from now on, not even those of whom the application is being asked. */
  close(): void {
    this.#state = "closed";
    for (const controller of this.#asking) controller.abort();
  }

  /** What has become meanwhile of somebody this door let in. */
  confirm(admitted: Admitted): Admission {
    if (this.#state === "open") return admitted;
    admitted.abandon();
    return this.#reject("draining");
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
    if (this.#state === "closed") return this.#reject("draining");
    if (!this.#isOriginAllowed(request)) return this.#reject("origin");
    const offered = headers.get("sec-websocket-protocol");
    const handshake = new JudgedHandshake(request, this.#options.proxies, offered !== null);
    const slot = this.#slots.take(handshake);
    if (typeof slot === "string") return this.#reject(slot);
    const { protocol, token } = readOffer(offered);
    const admitted = (principal?: Principal) => new Admitted(this, handshake, protocol, principal, slot);
    if (known !== undefined || authenticator === undefined) return admitted(known);
    const proof = token ?? bearerOf(handshake);
    const { url, headers: shown, address } = handshake;
    // Only while it is judged: what is kept of a request holds nothing of the framework.
    const asked = { url, headers: shown, address, source: request.source };
    const question = { handshake: asked, token: proof, principal: undefined };
    return this.#ask(authenticator, question, request.gone).then((verdict) => {
      if (!(verdict instanceof Rejected)) return admitted(verdict);
      return this.#mayProveLater(verdict, proof) ? admitted() : this.#turnAway(verdict, slot);
    });
  }

  /** Asks the application; nobody waits for its answer once the peer has gone, or the door has closed. */
  async #ask(
    authenticator: Authenticator,
    question: Omit<Question, "gone">,
    peerGone: AbortSignal | undefined,
  ): Promise<Principal | Rejected> {
    const asking = new AbortController();
    const { signal } = asking;
    peerGone?.addEventListener("abort", () => asking.abort(), { signal });
    if (peerGone?.aborted) asking.abort();
    this.#asking.add(asking);
    const verdict = await authenticator.verify({ ...question, gone: signal });
    this.#asking.delete(asking);
    asking.abort();
    return this.#state === "open" ? verdict : new Rejected("draining");
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

/** What handlers and `authenticate` see of a request: the peer's own address, and no token. */
class JudgedHandshake implements Handshake {
  readonly url: string;
  readonly headers: Handshake["headers"];
  readonly #request: Handshake;
  readonly #proxies: TrustedProxies;

  /** @param offers - Whether there is a list of subprotocols, where a token may be. */
  constructor(request: Handshake, proxies: TrustedProxies, offers: boolean) {
    const { url, headers } = request;
    this.url = url;
    this.headers = offers ? { get: (name) => headerOf(request, name) } : headers;
    this.#request = request;
    this.#proxies = proxies;
  }

  // Looked up when somebody asks: some runtimes ask the system, which costs more than the rest of an admission.
  get address(): string | undefined {
    return this.#proxies.peerOf(this.#request);
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
