// Short notes at the edge of the page that go away by themselves. Knows nothing of what they say.
import { element, find } from "./dom.ts";

const SHOWN_MS = 7_000;
// More would cover the page; the oldest goes first.
const AT_ONCE = 3;

/** How a note looks: something went wrong, or it is good to know. */
export type Tone = "error" | "info";

/** Where notes appear. */
export class Toasts {
  readonly #box = find("toasts", HTMLElement);

  /** Shows a note for some seconds; longer while it is pointed at. The same note is not shown twice. */
  show(text: string, tone: Tone): void {
    for (const other of this.#box.children) {
      if (other instanceof HTMLElement && other.dataset.text === text) other.remove();
    }
    const close = element("button", "toast-close", "✕");
    close.type = "button";
    close.setAttribute("aria-label", "Dismiss");
    const toast = element("div", "toast", element("p", "", text), close);
    toast.dataset.text = text;
    toast.dataset.tone = tone;
    close.addEventListener("click", () => toast.remove());
    let timer = window.setTimeout(() => toast.remove(), SHOWN_MS);
    toast.addEventListener("pointerenter", () => clearTimeout(timer));
    toast.addEventListener("pointerleave", () => {
      timer = window.setTimeout(() => toast.remove(), SHOWN_MS);
    });
    this.#box.append(toast);
    if (this.#box.childElementCount > AT_ONCE) this.#box.firstElementChild?.remove();
  }
}
