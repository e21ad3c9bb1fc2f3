// Who can be reached through a topic of the runtime, as long as all of them can. Delivers to nobody one by one.
import type { EndOfTick } from "../core/tick.ts";
import { atEndOfTick } from "../core/tick.ts";
import type { Publisher, Topics } from "../core/transport.ts";
import type { Member } from "./member.ts";

/** `unknown` until the first member comes; `none` once somebody came whom no common topic reaches. */
type Reach = "unknown" | "none" | Publisher;

/** The members of a room, or everyone, as the subscribers of one topic. */
export class Audience<C, S> implements EndOfTick {
  readonly #topic: string;
  #reach: Reach = "unknown";
  #published = 0;

  /** @param topic - A name that no other audience in this process has. */
  constructor(topic: string) {
    this.#topic = topic;
  }

  /** Somebody has come. */
  enter(topics: Topics | undefined): void {
    const publisher = topics?.publisher ?? "none";
    if (this.#reach === "unknown") this.#reach = publisher;
    else if (this.#reach !== publisher) this.#reach = "none";
    topics?.subscribe(this.#topic);
  }

  /** Somebody has gone. */
  exit(topics: Topics | undefined): void {
    topics?.unsubscribe(this.#topic);
  }

  /**
   * Publishes to all `members` at once, unless one of them is slow: then each has to be dealt with alone.
   *
   * @returns Whether it was published.
   */
  publish(text: string, members: Iterable<Member<C, S>>): boolean {
    if (typeof this.#reach === "string") return false;
    const length = this.#published + text.length;
    for (const { outbox } of members) {
      if (!outbox.isClear(length)) return false;
    }
    if (this.#published === 0) atEndOfTick(this);
    this.#published = length;
    this.#reach.publish(this.#topic, text);
    return true;
  }

  /** What was published in a tick is in no socket's figures before its end. */
  flush(): void {
    this.#published = 0;
  }
}
