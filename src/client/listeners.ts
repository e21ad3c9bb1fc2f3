// Who wants to be told of one thing: adds, takes out, tells in order. Does not know what the thing is.

/** A list of functions that are called alike. */
export class Listeners<A extends readonly unknown[]> {
  readonly #entries = new Set<{ readonly call: (...given: A) => unknown }>();

  /** Adds one. A function added twice is called twice. @returns What takes this one out again. */
  add(call: (...given: A) => unknown): () => void {
    const entry = { call };
    this.#entries.add(entry);
    return () => void this.#entries.delete(entry);
  }

  /**
   * Has `run` call each, in the order they were added. Those added meanwhile are not called; those taken out
   * meanwhile neither.
   */
  each(run: (call: (...given: A) => unknown) => void): void {
    for (const entry of [...this.#entries]) if (this.#entries.has(entry)) run(entry.call);
  }
}
