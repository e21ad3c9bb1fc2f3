// The box to write in: Enter sends, Shift and Enter begin a line. Knows no connection: whoever made it does the sending.
import { LONGEST } from "../longest.ts";
import { find } from "./dom.ts";

// Shown from here on: before, nobody has to count.
const COUNT_FROM = LONGEST - 100;

/** What the composer tells. */
export interface ComposerOwner {
  /** Somebody wants this said. It has left the box; `refuse` puts it back. */
  say(text: string): void;
  /** Somebody is writing. */
  typing(): void;
}

/** The form below the log. */
export class Composer {
  readonly #box = find("text", HTMLTextAreaElement);
  readonly #button = find("say", HTMLButtonElement);
  readonly #error = find("text-error", HTMLElement);
  readonly #count = find("text-count", HTMLElement);
  readonly #owner: ComposerOwner;

  constructor(owner: ComposerOwner) {
    this.#owner = owner;
    find("composer", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#box.addEventListener("keydown", (event) => {
      // While an input method composes, Enter takes its suggestion.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    this.#box.addEventListener("input", () => {
      this.#mark("");
      this.#fit();
      if (this.#box.value.trim() !== "") owner.typing();
    });
  }

  /** Whether anything can be said now. */
  set enabled(enabled: boolean) {
    this.#box.disabled = !enabled;
    this.#button.disabled = !enabled;
    this.#box.placeholder = enabled ? "Say something" : "Waiting for the connection";
  }

  /** Shows why `text` was not said, and gives it back, unless something else has been written since. */
  refuse(text: string, reason: string): void {
    if (this.#box.value === "") this.#box.value = text;
    this.#fit();
    this.#mark(reason);
  }

  focus(): void {
    this.#box.focus();
  }

  #submit(): void {
    if (this.#button.disabled) return;
    const text = this.#box.value;
    this.#box.value = "";
    this.#fit();
    this.#mark("");
    this.#owner.say(text);
  }

  #mark(error: string): void {
    this.#error.textContent = error;
    if (error === "") this.#box.removeAttribute("aria-invalid");
    else this.#box.setAttribute("aria-invalid", "true");
  }

  #fit(): void {
    this.#box.style.height = "auto";
    this.#box.style.height = `${this.#box.scrollHeight + 2}px`;
    const { length } = this.#box.value;
    this.#count.textContent = length >= COUNT_FROM ? `${length} of ${LONGEST}` : "";
    this.#count.classList.toggle("over", length > LONGEST);
  }
}
