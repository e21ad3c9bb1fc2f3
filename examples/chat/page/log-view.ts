// What was said, one entry below the other; what one person says in a row stands together. Knows no sockets.
import { element, find, foreign } from "./dom.ts";
import { avatarOf, hueOf } from "./names.ts";
import { StickyScroll } from "./sticky-scroll.ts";

/** Something that was said. */
export interface Said {
  readonly from: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Whether it was said here. */
  readonly mine: boolean;
}

// A pause this long, in milliseconds, begins a new group even of the same person.
const GROUP_MS = 5 * 60_000;
// Older entries are let go.
const ENTRIES_KEPT = 500;

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

/** The log of the room. */
export class LogView {
  readonly #log = find("log", HTMLOListElement);
  readonly #empty = find("log-empty", HTMLElement);
  readonly #newer = find("newer", HTMLButtonElement);
  readonly #scroll: StickyScroll;
  #last: Said | undefined;

  constructor() {
    this.#scroll = new StickyScroll(find("scroll", HTMLElement), () => {
      this.#newer.hidden = true;
    });
    this.#newer.addEventListener("click", () => this.#scroll.toEnd());
  }

  /** Starts over: another room. */
  clear(): void {
    this.#last = undefined;
    this.#log.replaceChildren();
    this.#empty.hidden = false;
    this.#scroll.toEnd();
  }

  /** Adds what somebody said. */
  say(said: Said): void {
    this.#empty.hidden = true;
    const follows = this.#follows(said);
    this.#last = said;
    const entry = element("li", "entry", element("p", "text", said.text));
    entry.classList.toggle("mine", said.mine);
    entry.classList.toggle("follows", follows);
    // Repeated for screen readers, for whom an entry stands alone.
    entry.prepend(follows ? element("span", "hidden", `${said.from}: `) : byline(said));
    if (!follows) entry.prepend(avatarOf(said.from));
    this.#append(entry);
    if (said.mine) this.#scroll.toEnd();
  }

  /** Adds a line about the room itself. */
  note(...parts: readonly (Node | string)[]): void {
    this.#last = undefined;
    this.#append(element("li", "note", ...parts));
  }

  #follows({ from, at, mine }: Said): boolean {
    const last = this.#last;
    return last !== undefined && last.from === from && last.mine === mine && at - last.at < GROUP_MS;
  }

  #append(entry: HTMLLIElement): void {
    this.#log.append(entry);
    if (this.#log.childElementCount > ENTRIES_KEPT) this.#log.firstElementChild?.remove();
    this.#newer.hidden = this.#scroll.following;
    this.#scroll.settle();
  }
}

function byline({ from, at, mine }: Said): HTMLElement {
  const name = foreign(from);
  name.className = "from";
  name.style.setProperty("--hue", String(hueOf(from)));
  const time = element("time", "at", clock.format(at));
  time.dateTime = new Date(at).toISOString();
  const line = element("p", "byline", name, time);
  if (mine) name.after(element("span", "hidden", " (you)"));
  return line;
}
