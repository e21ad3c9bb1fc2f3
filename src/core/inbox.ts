// What comes from one peer: how much of it is let in, and how much of that in one turn of the event loop, so that nobody
// else waits long for a peer that sends a lot at once. Reads envelopes, and does not know what becomes of them.
import type { Envelope } from "../protocol/envelope.ts";
import type { Limits } from "../protocol/limits.ts";
import { readEnvelope } from "../protocol/read-envelope.ts";
import { RATE_LIMITED, Refusal, TOO_MANY_PINGS } from "../protocol/refusal.ts";
import { RateLimits } from "./rate-limits.ts";
import { currentTurn, inNextTurn, type PutOff, watchTurn } from "./turn.ts";

type Rated = ConstructorParameters<typeof RateLimits>[0];

/** Whose inbox it is. */
export interface InboxOwner {
  /** Whether anybody still wants what comes. */
  readonly isOpen: boolean;
  /** Whether as many events wait for their handlers as may. */
  readonly isFull: boolean;
  /** Takes what came, in the order it came. */
  admit(envelope: Envelope): void;
  /** Lets nothing more come. */
  pause(): void;
  /** More may come again. */
  readOn(): void;
  /** It is not what may come, or more than may. */
  turnDown(refusal: Refusal): void;
}

// What one connection may have of a turn: so many events of less than a KiB, or a KiB of text for each. About half a
// millisecond of reading and dispatching; the handlers' own time is theirs.
const SHARE = 64;

// Below this nobody looks at turns at all: it costs those nothing who send little.
const UNWATCHED = 16;

// Bytes that may wait for their turn while more is read, about. Who floods is found out by its rate then, and most of the
// flood need not be looked into.
const READ_AHEAD = 262_144;

// More than anybody needs, and far less than events: where those are limited, a ping counts as several. Never as less than
// one.
const PINGS_PER_SECOND = 100;

/** What comes from one peer. */
export class Inbox implements PutOff {
  readonly #owner: InboxOwner;
  readonly #limits: Limits;
  readonly #rates: RateLimits;
  readonly #canPause: boolean;
  #turn = -1;
  #used = 0;
  /** What came after the share of a turn was used up, or while no more events may wait; a list for as long as it waits. */
  #held: string[] | undefined;
  #heldBytes = 0;
  #state: "reading" | "paused" = "reading";
  #turnState: "idle" | "coming" = "idle";

  /**
   * @param canPause - Whether the socket can be paused. Where it cannot, everything is taken as it comes: what is put off
   *   could only pile up.
   */
  constructor(owner: InboxOwner, rated: Rated, canPause: boolean) {
    this.#owner = owner;
    this.#limits = rated.limits;
    this.#rates = new RateLimits(rated);
    this.#canPause = canPause;
  }

  /** Takes the text of one frame: has it read now, or in a turn to come. */
  receive(text: string): void {
    if (!this.#rates.admit(text)) this.#owner.turnDown(RATE_LIMITED);
    else if (this.#held === undefined && this.#mayRead(text)) this.#read(text);
    else this.#hold(text);
  }

  /** Takes note of a ping, which is answered, and says no more than that somebody is there. */
  ping(): void {
    this.pass();
    this.charge(Math.max(1, this.#limits.eventsPerSecond / PINGS_PER_SECOND), TOO_MANY_PINGS);
  }

  /** Takes note of something that nobody reads. It took time all the same. */
  pass(): void {
    if (this.#canPause && !this.#spend(1)) this.#await();
  }

  /** Counts something that was let in as so many events more; false when that is too many, and the peer turned down. */
  charge(events: number, refusal: Refusal = RATE_LIMITED): boolean {
    const isWithinRate = this.#rates.charge(events);
    if (!isWithinRate) this.#owner.turnDown(refusal);
    return isWithinRate;
  }

  /** Has all that was put off read now: nothing more will come. */
  empty(): void {
    this.#readHeld(() => true);
  }

  /** There is room for events again. */
  wake(): void {
    if (this.#held !== undefined) this.#awaitTurn();
  }

  turnCame(): void {
    this.#turnState = "idle";
    this.#readHeld((text) => this.#mayRead(text));
    if (!this.#owner.isOpen || this.#heldBytes === 0) this.#held = undefined;
    // Where there is no room, somebody says when there is.
    else if (!this.#owner.isFull) this.#awaitTurn();
    if (this.#state === "reading" || (this.#held !== undefined && this.#heldBytes > READ_AHEAD)) return;
    this.#state = "reading";
    this.#owner.readOn();
  }

  #readHeld(mayRead: (text: string) => boolean): void {
    // It stays until its turn, so that what comes meanwhile is behind it.
    const held = this.#held ?? [];
    for (let [next] = held; next !== undefined && this.#owner.isOpen && mayRead(next); [next] = held) {
      held.shift();
      this.#heldBytes -= bytesOf(next);
      this.#read(next);
    }
  }

  #read(text: string): void {
    const envelope = readEnvelope(text, this.#limits);
    if (envelope instanceof Refusal) this.#owner.turnDown(envelope);
    else this.#owner.admit(envelope);
  }

  #hold(text: string): void {
    this.#await().push(text);
    this.#heldBytes += bytesOf(text);
  }

  /** Waits for the next turn, and has nothing more sent for in this one. */
  #await(): string[] {
    if (this.#state === "reading") this.#owner.pause();
    this.#state = "paused";
    this.#awaitTurn();
    this.#held ??= [];
    return this.#held;
  }

  #awaitTurn(): void {
    if (this.#turnState === "coming") return;
    this.#turnState = "coming";
    inNextTurn(this);
  }

  #mayRead(text: string): boolean {
    return !this.#canPause || (!this.#owner.isFull && this.#spend(costOf(text)));
  }

  /** Takes from the share of this turn; false when nothing is left of it. */
  #spend(cost: number): boolean {
    const turn = currentTurn();
    if (turn !== this.#turn) {
      this.#turn = turn;
      this.#used = 0;
    }
    if (this.#used >= SHARE) return false;
    this.#used += cost;
    if (this.#used >= UNWATCHED) watchTurn();
    return true;
  }
}

function costOf(text: string): number {
  return 1 + Math.floor(text.length / 1_024);
}

// With what a text takes besides its letters.
function bytesOf(text: string): number {
  return 64 + text.length;
}
