// What a slow peer is to get later, the newest of each key only. Does not know when later is.
import { type Outgoing, textOf } from "./transport.ts";

/** Kept texts by key, in the order their keys came. */
export class Newest {
  readonly #byKey = new Map<string, Outgoing>();
  #length = 0;

  /** UTF-16 code units of all of them. */
  get length(): number {
    return this.#length;
  }

  /** Keeps one in the place of an older one. */
  keep(key: string, outgoing: Outgoing): void {
    this.forget(key);
    this.#byKey.set(key, outgoing);
    this.#length += textOf(outgoing).length;
  }

  /** Drops what is kept under a key. @returns How long that was; 0 where there was none. */
  forget(key: string): number {
    const kept = this.#byKey.get(key);
    if (kept === undefined) return 0;
    this.#byKey.delete(key);
    const { length } = textOf(kept);
    this.#length -= length;
    return length;
  }

  /** Takes out the oldest. */
  take(): Outgoing | undefined {
    for (const [key, outgoing] of this.#byKey) {
      this.forget(key);
      return outgoing;
    }
    return undefined;
  }
}
