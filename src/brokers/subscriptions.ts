// Keeps the channels of exactly those rooms subscribed that have members here; what changes in a tick goes together.
// Carries nothing, and counts no members.
import { atEndOfTick, type EndOfTick } from "../core/tick.ts";
import type { Clock } from "../protocol/clock.ts";
import type { Carrier } from "./broker.ts";
import { within } from "./within.ts";

// A join waits for its subscription, so that what is sent afterwards finds it, but not for a broker that hangs.
const PATIENCE_MS = 1_000;
const DONE: Promise<void> = Promise.resolve();

/** The room channels of one node. */
export class Subscriptions implements EndOfTick {
  readonly #carrier: Carrier;
  readonly #clock: Clock;
  /** What is wanted, with the promise of those who wait for it. */
  readonly #wanted = new Map<string, Promise<void>>();
  /** What the carrier has been told. */
  readonly #told = new Set<string>();
  readonly #changed = new Set<string>();
  #nextFlush: { readonly done: Promise<void>; readonly resolve: () => void } | undefined;
  #isUp = false;

  constructor(carrier: Carrier, clock: Clock) {
    this.#carrier = carrier;
    this.#clock = clock;
  }

  /** Whether the carrier has a connection: without one, nobody waits. */
  set isUp(isUp: boolean) {
    this.#isUp = isUp;
  }

  /** A channel is wanted. Resolves when it is in force, or nobody can say when it will be. */
  want(channel: string): Promise<void> {
    const wanted = this.#wanted.get(channel) ?? this.#wantNew(channel);
    return this.#isUp ? wanted : DONE;
  }

  /** A channel is not wanted any more. */
  unwant(channel: string): void {
    this.#wanted.delete(channel);
    this.#change(channel);
  }

  flush(): void {
    const flush = this.#nextFlush;
    this.#nextFlush = undefined;
    const isWanted = (channel: string) => this.#wanted.has(channel);
    const changed = [...this.#changed].filter((channel) => isWanted(channel) !== this.#told.has(channel));
    this.#changed.clear();
    const gone = changed.filter((channel) => !isWanted(channel));
    const come = changed.filter(isWanted);
    for (const channel of gone) this.#told.delete(channel);
    for (const channel of come) this.#told.add(channel);
    // What fails has been remembered by the carrier, and is made good with its next connection.
    if (gone.length > 0) this.#carrier.unsubscribe(gone).catch(ignore);
    const subscribing = come.length > 0 ? this.#carrier.subscribe(come) : DONE;
    within(this.#clock, PATIENCE_MS, subscribing).then(() => flush?.resolve());
  }

  #wantNew(channel: string): Promise<void> {
    const wanted = this.#change(channel);
    this.#wanted.set(channel, wanted);
    return wanted;
  }

  #change(channel: string): Promise<void> {
    this.#changed.add(channel);
    if (this.#nextFlush === undefined) {
      let resolve = ignore;
      const done = new Promise<void>((settle) => {
        resolve = settle;
      });
      this.#nextFlush = { done, resolve };
      atEndOfTick(this);
    }
    return this.#nextFlush.done;
  }
}

function ignore(): void {}
