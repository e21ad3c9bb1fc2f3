// How one peer comes in: asked for at the door, perhaps by a token that follows, and for as long as that is good.
// Runs no events: who owns it does, once the peer has entered.
import type { CloseCode } from "../protocol/close-codes.ts";
import { NOT_AUTHENTICATED, ONE_TOKEN, Refusal } from "../protocol/refusal.ts";
import { Access, type AccessOptions, type AccessOwner } from "./access.ts";
import type { Door } from "./admission.ts";
import { type Admission, Admitted, Rejected } from "./admission-verdict.ts";
import type { Slot } from "./connection-slots.ts";
import type { Principal } from "./principal.ts";
import type { Handshake } from "./transport.ts";

/** Whose entrance it is. */
export interface EntranceOwner {
  /** Whether the socket is still there. */
  readonly isOpen: boolean;
  /** Events that came already, and wait. */
  readonly waiting: number;
  /** The peer is in: its events may run. Called once. */
  entered(): void;
  /** The peer may not come in, or not stay. */
  turnDown(refusal: Refusal): void;
  /** Its token is about to run out. */
  tokenExpiring(): void;
}

/** What entrances of one register have in common. */
export interface EntranceOptions {
  readonly door: Door;
  readonly access: AccessOptions;
}

/**
 * How well the peer is known. `asking`: that is being found out, and its events wait. `awaiting`: it has to send a token,
 * and nothing else is taken. `entered`: its events run.
 */
type Standing = "asking" | "awaiting" | "entered";

/** A token that came while the peer was still being judged by its request. */
interface EarlyToken {
  /** Undefined for one that cannot be read. */
  readonly token: string | undefined;
  /** Events that had come before it. */
  readonly eventsBefore: number;
}

/** The entrance of one connection. */
export class Entrance implements AccessOwner {
  readonly #owner: EntranceOwner;
  readonly #options: EntranceOptions;
  readonly #sleeps: boolean;
  #standing: Standing = "asking";
  #slot: Slot | undefined;
  #handshake: Handshake | undefined;
  #access: Access | undefined;
  #gone: AbortController | undefined;
  #early: EarlyToken | undefined;

  /** @param sleeps - Whether timers would keep the program from sleeping. */
  constructor(owner: EntranceOwner, options: EntranceOptions, sleeps: boolean) {
    this.#owner = owner;
    this.#options = options;
    this.#sleeps = sleeps;
  }

  /** How well the peer is known. */
  get standing(): Standing {
    return this.#standing;
  }

  /** Who it is. */
  get principal(): Principal | undefined {
    return this.#access?.principal;
  }

  /** What is known of the request it came with. Asked for once: an idle connection need not keep it. */
  takeHandshake(): Handshake | undefined {
    const handshake = this.#handshake;
    this.#handshake = undefined;
    return handshake;
  }

  /**
   * Lets the peer in, has it send a token, or turns it away: now, where nobody has to be asked.
   *
   * @param asking - Another register's admission says nothing here; neither does a request that nobody has judged.
   * @param known - Who it is, where the caller knows.
   */
  ask(asking: Handshake | Admitted, known: Principal | undefined): void {
    const admission = this.#admissionOf(asking, known);
    if (admission instanceof Promise) admission.then((late) => this.#settle(late, known));
    else this.#settle(admission, known);
  }

  /** Takes the token of `zap:auth`; undefined for one that cannot be read. */
  takeToken(token: string | undefined): void {
    if (this.#standing === "awaiting") this.#standing = "asking";
    if (this.#access !== undefined) this.#access.take(token);
    else if (this.#standing === "asking") this.#keepForLater(token);
  }

  #keepForLater(token: string | undefined): void {
    // As of a connection that has its access: one question at a time.
    if (this.#early !== undefined) this.#owner.turnDown(ONE_TOKEN);
    else this.#early = { token, eventsBefore: this.#owner.waiting };
  }

  /** Looks whether it still may be here, where no timer does. */
  check(): void {
    this.#access?.check();
  }

  /** The connection is ending: nobody is asked any more, and no timer stays. */
  stop(): void {
    this.#access?.stop();
    this.#gone?.abort();
  }

  /** The socket has closed: its place is free. */
  release(): void {
    this.#slot?.release();
  }

  accessGranted(): void {
    this.#standing = "entered";
    this.#owner.entered();
  }

  accessEnded(code: CloseCode, reason: string): void {
    this.#owner.turnDown(new Refusal(code, reason));
  }

  accessExpiring(): void {
    this.#owner.tokenExpiring();
  }

  #admissionOf(asking: Handshake | Admitted, known: Principal | undefined): Admission | Promise<Admission> {
    const { door } = this.#options;
    if (asking instanceof Admitted && asking.door === door) return door.confirm(asking);
    const { url, headers, address, source } = asking instanceof Admitted ? asking.handshake : asking;
    const request = { url, headers, address, source, secure: false };
    if (!door.asks || known !== undefined) return door.admit(request, known);
    this.#gone = new AbortController();
    return door.admit({ ...request, gone: this.#gone.signal });
  }

  #settle(admission: Admission, known: Principal | undefined): void {
    this.#gone = undefined;
    if (admission instanceof Rejected) {
      // Who has gone needs no answer.
      if (admission.reason !== "gone") this.#owner.turnDown(new Refusal(admission.closeCode, admission.reason));
      return;
    }
    if (this.#owner.isOpen) this.#letIn(admission, known);
    else admission.abandon();
  }

  #letIn(admission: Admitted, known: Principal | undefined): void {
    this.#slot = admission.slot;
    this.#handshake = admission.handshake;
    const { access, door } = this.#options;
    const principal = known ?? admission.principal;
    if (principal !== undefined || door.asks) {
      const options = this.#sleeps ? { ...access, sleeps: true } : access;
      this.#access = new Access(this, options, admission.handshake, principal);
    }
    if (this.#access?.isAwaiting) this.#standing = "awaiting";
    else this.accessGranted();
    this.#judgeEarly();
  }

  /** What came before anybody knew who it is, is judged as if it came now. */
  #judgeEarly(): void {
    const early = this.#early;
    this.#early = undefined;
    const eventsBefore = early === undefined ? this.#owner.waiting : early.eventsBefore;
    if (this.#standing === "awaiting" && eventsBefore > 0) this.#owner.turnDown(NOT_AUTHENTICATED);
    else if (early !== undefined) this.takeToken(early.token);
  }
}
