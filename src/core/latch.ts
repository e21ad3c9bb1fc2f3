// Something that happens once and may be waited for, before or after. Does not know what it is.

/** A promise that is resolved from outside, once. */
export class Latch<T> {
  /** Resolves when the latch is opened. */
  readonly passed: Promise<T>;
  #resolve: (value: T) => void = () => {};

  constructor() {
    this.passed = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Opens it; later calls do nothing. */
  open(value: T): void {
    this.#resolve(value);
  }
}
