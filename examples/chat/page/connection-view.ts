// Shows where the connection is: open, waiting, closed. Knows the client's snapshot, changes nothing.
import type { Snapshot } from "zaptools/client";
import { element, find } from "./dom.ts";

/** The pill in the header and the button beside it. */
export class ConnectionView {
  readonly #pill = find("state", HTMLElement);
  readonly #text = find("state-text", HTMLElement);
  readonly #connect = find("reconnect", HTMLButtonElement);
  #ticking: number | undefined;

  /** @param onConnect - The user does not want to wait. */
  constructor(onConnect: () => void) {
    this.#connect.addEventListener("click", onConnect);
  }

  /** Shows a snapshot. */
  show(snapshot: Snapshot): void {
    const { status } = snapshot;
    clearInterval(this.#ticking);
    this.#pill.dataset.status = status;
    this.#connect.hidden = status !== "closed" && status !== "waiting";
    this.#connect.textContent = status === "waiting" ? "Try now" : "Connect";
    // What changes all the time is kept from screen readers, which would read all of it.
    const detail = element("span", "state-detail");
    detail.setAttribute("aria-hidden", "true");
    const tick = () => {
      detail.textContent = detailOf(snapshot);
    };
    if (status === "waiting") this.#ticking = window.setInterval(tick, 250);
    tick();
    this.#text.replaceChildren(wordsFor(snapshot), detail);
  }
}

function wordsFor({ status, lastClose }: Snapshot): string {
  if (status === "open") return "Connected";
  if (status === "connecting") return "Connecting";
  if (status === "waiting") return "Trying again";
  if (status === "offline") return "Offline";
  if (status === "idle" || lastClose === undefined) return "Not connected";
  return `Closed: ${lastClose.code} ${lastClose.reason}`.trim();
}

function detailOf({ status, latency, retryAt = 0 }: Snapshot): string {
  if (status === "open" && latency !== undefined) return ` · ${Math.round(latency)} ms`;
  const seconds = Math.ceil((retryAt - Date.now()) / 1_000);
  return status === "waiting" && seconds > 0 ? ` in ${seconds} s` : "";
}
