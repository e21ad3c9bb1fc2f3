// What one live connection may do, and until when: waits for a first token, takes new ones, ends it when they run out.
// Does not know what a token means, and admits no events itself.
import type { Clock } from "../protocol/clock.ts";
import { CloseCode } from "../protocol/close-codes.ts";
import { Rejected } from "./admission-verdict.ts";
import type { Authenticator } from "./authentication.ts";
import { lifetimeOf, type Principal } from "./principal.ts";
import type { Handshake } from "./transport.ts";

/** Whose access it is. */
export interface AccessOwner {
  /** It is known for the first time who the peer is: events may run. */
  accessGranted(): void;
  /** The connection has to be closed. */
  accessEnded(code: CloseCode, reason: string): void;
  /** The token is about to run out: a new one may be sent. */
  accessExpiring(): void;
}

/** What access is judged with. */
export interface AccessOptions {
  readonly clock: Clock;
  /** Absent where principals come from elsewhere: then no token can renew them. */
  readonly authenticator: Authenticator | undefined;
  /** Milliseconds until a connection without a principal has to have one. */
  readonly limitMs: number;
  /** Whether a timer that waits for a principal to expire would keep the program from sleeping. */
  readonly sleeps?: boolean;
}

/**
 * `awaiting`: nobody knows who it is, nothing but a token is taken. `verifying`: a first token is looked at, events
 * wait. `granted`: events run, also while a new token is looked at. `over`: the connection has ended.
 */
type AccessState = "awaiting" | "verifying" | "granted" | "over";

// A new token is asked for when this part of the old one's lifetime is left, at most so many milliseconds before.
const RENEWAL_SHARE = 0.2;
const RENEWAL_MS = 60_000;

// Beyond this, timers of most runtimes fire at once.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The access of one connection. */
export class Access {
  readonly #owner: AccessOwner;
  readonly #options: AccessOptions;
  readonly #handshake: Handshake;
  #state: AccessState;
  #principal: Principal | undefined;
  #renewal: "not asked" | "asked" = "not asked";
  #cancel: (() => void) | undefined;
  #gone: AbortController | undefined;

  /** @param principal - Who it is, where that is known already. */
  constructor(owner: AccessOwner, options: AccessOptions, handshake: Handshake, principal: Principal | undefined) {
    this.#owner = owner;
    this.#options = options;
    this.#handshake = handshake;
    this.#principal = principal;
    this.#state = principal === undefined ? "awaiting" : "granted";
    if (principal === undefined) this.#awaitToken();
    else this.#watch(principal);
  }

  /** Who the peer is. */
  get principal(): Principal | undefined {
    return this.#principal;
  }

  /** Whether nothing may come but a token. */
  get isAwaiting(): boolean {
    return this.#state === "awaiting";
  }

  /** Takes the token of `zap:auth`; undefined for one that cannot be read. */
  take(token: string | undefined): void {
    const { authenticator } = this.#options;
    if (authenticator === undefined || this.#state === "over") return;
    // One question at a time: asking the application costs more than sending a frame.
    if (this.#gone !== undefined) this.#end(CloseCode.rateLimited, "one token at a time");
    else if (token === undefined) this.#end(CloseCode.unauthenticated, "no token");
    else this.#verify(token, authenticator);
  }

  /** Looks at the time, where no timer does. */
  check(): void {
    if (this.#state !== "over" && this.#options.sleeps && this.#principal !== undefined) this.#judge(this.#principal);
  }

  /** The connection has ended: no timer stays, and nobody is asked any more. */
  stop(): void {
    this.#state = "over";
    this.#cancel?.();
    this.#gone?.abort();
  }

  async #verify(token: string, authenticator: Authenticator): Promise<void> {
    if (this.#state === "awaiting") this.#state = "verifying";
    this.#gone = new AbortController();
    const question = { handshake: this.#handshake, token, principal: this.#principal, gone: this.#gone.signal };
    const verdict = await authenticator.verify(question);
    this.#gone = undefined;
    if (this.#isOver()) return;
    const before = this.#principal;
    if (verdict instanceof Rejected) this.#end(verdict.closeCode, verdict.reason);
    // What it has joined and been shown so far belongs to somebody else.
    else if (before !== undefined && before.id !== verdict.id) this.#end(CloseCode.forbidden, "another principal");
    else this.#grant(verdict);
  }

  #grant(principal: Principal): void {
    const isFirst = this.#principal === undefined;
    this.#principal = principal;
    this.#state = "granted";
    this.#watch(principal);
    if (isFirst) this.#owner.accessGranted();
  }

  #isOver(): boolean {
    return this.#state === "over";
  }

  #awaitToken(): void {
    const { clock, limitMs } = this.#options;
    if (!Number.isFinite(limitMs)) return;
    this.#cancel = clock.after(limitMs, () => this.#end(CloseCode.authenticationTimeout, "not authenticated in time"));
  }

  /** Offers a renewal before the principal expires, and ends the connection when it has. */
  #watch(principal: Principal): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#renewal = "not asked";
    const lifetime = lifetimeOf(principal, Date.now());
    if (this.#options.sleeps || !Number.isFinite(lifetime)) return;
    const notice = Math.min(RENEWAL_MS, lifetime * RENEWAL_SHARE);
    this.#after(lifetime - notice, () => {
      this.#after(notice, () => this.#expire());
      this.#owner.accessExpiring();
    });
  }

  #judge(principal: Principal): void {
    const lifetime = lifetimeOf(principal, Date.now());
    if (lifetime <= 0) this.#expire();
    else if (lifetime <= RENEWAL_MS && this.#renewal === "not asked") {
      this.#renewal = "asked";
      this.#owner.accessExpiring();
    }
  }

  #expire(): void {
    this.#end(CloseCode.unauthenticated, "the token has expired");
  }

  #after(delay: number, callback: () => void): void {
    const next = Math.min(delay, LONGEST_TIMER_MS);
    this.#cancel = this.#options.clock.after(next, () => {
      if (delay > next) this.#after(delay - next, callback);
      else callback();
    });
  }

  #end(code: CloseCode, reason: string): void {
    this.stop();
    this.#owner.accessEnded(code, reason);
  }
}
