// How the tabs of a simulated browser meet: one lock, and a channel that brings notes late but in order. Knows no notes.
import type { Tabs } from "../../src/client/sharing/tabs.ts";
import type { Clock } from "../../src/protocol/clock.ts";
import type { SimulatedTab } from "./simulated-tab.ts";

interface Listening {
  readonly tab: SimulatedTab;
  readonly hear: (note: unknown) => void;
  state: "open" | "closed";
}

interface Request {
  readonly tab: SimulatedTab;
  readonly held: () => void;
  readonly lost: () => void;
}

/** The meeting place of all tabs. */
export class SimulatedTabs {
  readonly #clock: Clock;
  readonly #delay: (of: "note" | "lock") => number;
  readonly #listening = new Set<Listening>();
  /** When the last note between two of them arrives, by both. */
  readonly #arrivals = new Map<SimulatedTab, Map<Listening, number>>();
  #holder: Request | undefined;
  #waiting: Request[] = [];
  readonly #resting = new Map<SimulatedTab, Set<() => void>>();
  #ids = 0;

  /** @param delay - Milliseconds that the next note, or the lock, takes from one tab to another. */
  constructor(clock: Clock, delay: (of: "note" | "lock") => number) {
    this.#clock = clock;
    this.#delay = delay;
  }

  /** The tab that has the lock. */
  get holder(): SimulatedTab | undefined {
    return this.#holder?.tab;
  }

  /** Posts something as another script of the origin would. */
  intrude(note: unknown): void {
    for (const listening of this.#listening) listening.tab.run(() => listening.hear(note));
  }

  /** The tab is about to be put to rest. */
  rest(tab: SimulatedTab): void {
    for (const listener of [...(this.#resting.get(tab) ?? [])]) tab.run(listener);
  }

  /** The tab has died: what it held is free. */
  died(tab: SimulatedTab): void {
    for (const listening of this.#listening) if (listening.tab === tab) this.#listening.delete(listening);
    this.#waiting = this.#waiting.filter((request) => request.tab !== tab);
    if (this.#holder?.tab === tab) this.#free(this.#holder);
  }

  /** The browser as one tab sees it. */
  seenFrom(tab: SimulatedTab): Tabs {
    return {
      newId: () => `tab${++this.#ids}`,
      lock: (how, held, lost) => this.#lock(how, { tab, held, lost }),
      open: (hear) => {
        const listening: Listening = { tab, hear, state: "open" };
        this.#listening.add(listening);
        return {
          post: (note) => listening.state === "open" && this.#post(tab, listening, note),
          close: () => {
            listening.state = "closed";
            this.#listening.delete(listening);
          },
        };
      },
      onRest: (listener) => {
        const listeners = this.#resting.get(tab) ?? new Set();
        this.#resting.set(tab, listeners);
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
  }

  #post(from: SimulatedTab, own: Listening, note: object): void {
    for (const to of this.#listening) {
      if (to === own) continue;
      const arrivals = this.#arrivals.get(from) ?? new Map<Listening, number>();
      this.#arrivals.set(from, arrivals);
      const at = Math.max(arrivals.get(to) ?? 0, this.#clock.now() + this.#delay("note"));
      arrivals.set(to, at);
      const copy = structuredClone(note);
      this.#clock.after(at - this.#clock.now(), () => to.tab.run(() => to.state === "open" && to.hear(copy)));
    }
  }

  #lock(how: "wait" | "steal", request: Request): () => void {
    if (how === "wait") {
      this.#waiting.push(request);
      if (this.#holder === undefined) this.#next();
    } else {
      const robbed = this.#holder;
      this.#holder = undefined;
      if (robbed !== undefined) this.#later(() => robbed.tab.run(robbed.lost));
      this.#grant(request);
    }
    return () => {
      this.#waiting = this.#waiting.filter((one) => one !== request);
      if (this.#holder === request) this.#free(request);
    };
  }

  #free(request: Request): void {
    if (this.#holder !== request) return;
    this.#holder = undefined;
    this.#next();
  }

  #next(): void {
    const next = this.#waiting.shift();
    if (next !== undefined) this.#grant(next);
  }

  #grant(request: Request): void {
    this.#holder = request;
    this.#later(() => request.tab.run(() => this.#holder === request && request.held()));
  }

  #later(callback: () => void): void {
    this.#clock.after(this.#delay("lock"), callback);
  }
}
