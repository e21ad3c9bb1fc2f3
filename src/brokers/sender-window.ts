// Tells records that have been here before, by sender and number: a sliding window of bits for each (RFC 6479).
// Knows nothing of what is in them.

// Records of one sender that may overtake each other: those on channels that a broker keeps on different machines.
const WINDOW = 65_536;
const BITS = 32;
const WORDS = WINDOW / BITS;
const SENDERS = 1_024;

/** What has been received, by sender. */
export class SenderWindows {
  // In the order in which they were last heard of.
  readonly #windows = new Map<string, SenderWindow>();

  /** Whether a record is new; from then on it is not. */
  accept(sender: string, seq: number): boolean {
    const window = this.#windows.get(sender) ?? this.#open();
    this.#windows.delete(sender);
    this.#windows.set(sender, window);
    return window.accept(seq);
  }

  #open(): SenderWindow {
    if (this.#windows.size >= SENDERS) {
      const [oldest = ""] = this.#windows.keys();
      this.#windows.delete(oldest);
    }
    return new SenderWindow();
  }
}

class SenderWindow {
  readonly #bits = new Uint32Array(WORDS);
  #newest = -1;

  accept(seq: number): boolean {
    if (seq <= this.#newest - WINDOW + BITS) return false;
    this.#slideTo(seq);
    const word = Math.floor(seq / BITS) % WORDS;
    const bit = 1 << (seq % BITS);
    const bits = this.#bits[word] ?? 0;
    if ((bits & bit) !== 0) return false;
    this.#bits[word] = bits | bit;
    return true;
  }

  /** Forgets what falls out of the window, a word at a time. */
  #slideTo(seq: number): void {
    if (seq <= this.#newest) return;
    const from = Math.floor(this.#newest / BITS);
    const to = Math.floor(seq / BITS);
    if (to - from >= WORDS) this.#bits.fill(0);
    else for (let word = from + 1; word <= to; word++) this.#bits[word % WORDS] = 0;
    this.#newest = seq;
  }
}
