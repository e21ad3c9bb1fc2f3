// Something that happens once and may be waited for, before or after. Makes no promise until somebody waits.

/** A moment that comes once. */
export class Moment<T> {
  #outcome: { readonly value: T } | undefined;
  #waiting: ((value: T) => void)[] | undefined;

  /** It has come; later calls do nothing. */
  come(value: T): void {
    if (this.#outcome !== undefined) return;
    this.#outcome = { value };
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const resolve of waiting) resolve(value);
  }

  /** Resolves when it has come. */
  wait(): Promise<T> {
    if (this.#outcome !== undefined) return Promise.resolve(this.#outcome.value);
    return new Promise((resolve) => {
      this.#waiting ??= [];
      this.#waiting.push(resolve);
    });
  }
}
