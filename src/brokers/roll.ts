// Knows which other nodes there are: who has come, who said goodbye, who has been silent for too long. Sends nothing
// itself, and asks nobody anything.
import type { NodeChange } from "../core/nodes.ts";
import type { Clock } from "../protocol/clock.ts";
import type { NodeState } from "./record.ts";

/** Milliseconds between two signs of life. */
export const BEAT_MS = 3_000;
/** Milliseconds of silence after which a node is taken for dead. */
export const DEAD_AFTER_MS = 9_000;
const CHECK_MS = 1_000;
// A process that was stopped itself must not take the others for dead.
const LATE_MS = 2_000;

/** What the roll needs of its node. */
export interface RollOwner {
  readonly clock: Clock;
  /** Tells all other nodes, or the one that asked, how this one is. */
  say(state: NodeState, to?: string): void;
  changed(change: NodeChange): void;
}

/** The other nodes of one node. */
export class Roll {
  readonly #owner: RollOwner;
  /** When each was last heard of. */
  readonly #heard = new Map<string, number>();
  #beatAt = 0;
  #checkedAt = 0;
  #cancel: (() => void) | undefined;
  #isUp = false;

  constructor(owner: RollOwner) {
    this.#owner = owner;
  }

  /** The other nodes, by id. */
  nodes(): string[] {
    return [...this.#heard.keys()];
  }

  /** There is a connection: says so, and gives everyone their full time from now on. */
  up(): void {
    this.#isUp = true;
    this.#forgive();
    this.#owner.say("new");
    this.#beatAt = this.#owner.clock.now() + BEAT_MS;
    if (this.#cancel === undefined) this.#schedule();
  }

  /** There is no connection: nobody can be heard, and nobody is dead for it. */
  down(): void {
    this.#isUp = false;
  }

  /** A node told how it is. */
  heard(node: string, state: NodeState): void {
    if (state === "bye") {
      this.#remove(node, "left");
      return;
    }
    const isNew = !this.#heard.has(node);
    this.#heard.set(node, this.#owner.clock.now());
    if (isNew) this.#owner.changed({ node, change: "joined" });
    if (state === "new") this.#owner.say("here", node);
  }

  /** A node published something: it is alive, if it is one, though its signs of life may wait behind much else. */
  alive(node: string): void {
    if (this.#heard.has(node)) this.#heard.set(node, this.#owner.clock.now());
  }

  /** The carrier knows that the process of a node has ended. */
  gone(node: string): void {
    this.#remove(node, "died");
  }

  /** Ends it; no timer stays behind. */
  stop(): void {
    this.#cancel?.();
    this.#heard.clear();
  }

  #remove(node: string, change: NodeChange["change"]): void {
    if (this.#heard.delete(node)) this.#owner.changed({ node, change });
  }

  #schedule(): void {
    this.#checkedAt = this.#owner.clock.now();
    this.#cancel = this.#owner.clock.after(CHECK_MS, () => {
      this.#check();
      this.#schedule();
    });
  }

  #check(): void {
    if (!this.#isUp) return;
    const now = this.#owner.clock.now();
    if (now >= this.#beatAt) {
      this.#beatAt = now + BEAT_MS;
      this.#owner.say("here");
    }
    if (now - this.#checkedAt > CHECK_MS + LATE_MS) this.#forgive();
    for (const [node, at] of this.#heard) {
      if (now - at >= DEAD_AFTER_MS) this.#remove(node, "died");
    }
  }

  #forgive(): void {
    for (const node of this.#heard.keys()) this.#heard.set(node, this.#owner.clock.now());
  }
}
