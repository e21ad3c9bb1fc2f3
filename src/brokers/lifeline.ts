// Keeps one link open: makes another when it is lost, without end. Does not know what goes over it.
import type { Clock } from "../protocol/clock.ts";
import { LINK_TIMEOUT_MS, type LinkEvents, type RedisLink } from "./redis-link.ts";

const SHORTEST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/** What a lifeline needs to know. */
export interface LifelineOptions {
  readonly clock: Clock;
  /** Makes a link that is not open yet. */
  readonly make: () => Promise<RedisLink>;
  /** Makes a link that has just been opened ready for use; it is given up when this rejects. */
  readonly prepare: (link: RedisLink) => Promise<unknown>;
  readonly message: LinkEvents["message"];
  /** There is a link. */
  readonly up: () => void;
  /** The link was lost, or could not be made. */
  readonly down: (error: unknown) => void;
}

/** Whether a link is the one of now, opening or open, or has been given up. */
type LinkState = "used" | "over";

/** One link after the other. */
export class Lifeline {
  readonly #options: LifelineOptions;
  #state: "running" | "stopped" = "stopped";
  #link: RedisLink | undefined;
  #giveUp: (error: unknown) => void = ignore;
  #endPause: () => void = ignore;

  constructor(options: LifelineOptions) {
    this.#options = options;
  }

  /** The link that is open and ready; undefined while there is none. */
  get link(): RedisLink | undefined {
    return this.#link;
  }

  /** Begins. */
  start(): void {
    this.#state = "running";
    this.#run().catch(this.#options.down);
  }

  /** Gives the link of now up for another. */
  replace(error: unknown): void {
    this.#giveUp(error);
  }

  /** Ends it. */
  stop(): void {
    this.#state = "stopped";
    this.#endPause();
    this.#giveUp(new Error("this node has left"));
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (this.#isRunning()) {
      const error = await this.#live(() => {
        failures = 0;
      });
      if (!this.#isRunning()) return;
      this.#options.down(error);
      await this.#pause(failures++);
    }
  }

  /** The life of one link. @returns Why it ended. */
  async #live(lived: () => void): Promise<unknown> {
    const { clock, make, prepare, message, up } = this.#options;
    const ended = new Promise<unknown>((resolve) => {
      this.#giveUp = resolve;
    });
    const closed = this.#giveUp;
    let link: RedisLink | undefined;
    let state: LinkState = "used";
    // Not every library is silent at once, or at all, when a connection was given up.
    const heard: LinkEvents["message"] = (channel, text) => {
      if (state === "used") message(channel, text);
    };
    const open = async () => {
      const made = await make();
      link = made;
      await made.open({ message: heard, closed });
      cancel();
      if (isOver(state)) return made.close();
      await prepare(made);
      if (!this.#isRunning() || isOver(state)) return;
      this.#link = made;
      lived();
      up();
    };
    const cancel = clock.after(LINK_TIMEOUT_MS, () => closed(new Error("there was no answer in time")));
    // Whatever happens to it after the end is nobody's business any more.
    open().catch(closed);
    const error = await ended;
    state = "over";
    cancel();
    this.#link = undefined;
    link?.close();
    return error;
  }

  // TypeScript takes a state it has just looked at for settled.
  #isRunning(): boolean {
    return this.#state === "running";
  }

  /** Waits a random while, longer with each failure, so that nodes do not all come back at once. */
  #pause(failures: number): Promise<void> {
    const longest = Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS * 2 ** failures);
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(longest * (0.5 + Math.random() / 2), resolve);
      this.#endPause = () => {
        cancel();
        resolve();
      };
    });
  }
}

// TypeScript takes a state it has just looked at for settled.
function isOver(state: LinkState): boolean {
  return state === "over";
}

function ignore(): void {}
