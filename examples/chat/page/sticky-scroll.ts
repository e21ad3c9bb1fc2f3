// Keeps a list that grows at its end scrolled to the end, unless somebody scrolled up to read. Knows no entries.

// How far from its end, in pixels, a list still counts as being there.
const NEAR = 48;

/** A scrolling element that follows its own growth. */
export class StickyScroll {
  readonly #box: HTMLElement;
  readonly #onFollow: (() => void) | undefined;
  #following = true;

  /** @param onFollow - Called whenever the end has come into view. */
  constructor(box: HTMLElement, onFollow?: () => void) {
    this.#box = box;
    this.#onFollow = onFollow;
    box.addEventListener("scroll", () => this.#look(), { passive: true });
    // A box that changes its size (a keyboard, a panel) has to be at its end afterwards too.
    new ResizeObserver(() => this.settle()).observe(box);
  }

  /** Whether the end is in view. */
  get following(): boolean {
    return this.#following;
  }

  /** Goes to the end, if that was in view. Call it when something has been added. */
  settle(): void {
    if (this.#following) this.toEnd();
  }

  /** Goes to the end. */
  toEnd(): void {
    this.#following = true;
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#onFollow?.();
  }

  #look(): void {
    const { scrollTop, clientHeight, scrollHeight } = this.#box;
    this.#following = scrollHeight - scrollTop - clientHeight <= NEAR;
    if (this.#following) this.#onFollow?.();
  }
}
