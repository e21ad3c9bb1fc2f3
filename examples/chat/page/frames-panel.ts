// The panel beside the chat that lists every frame as it passes. Knows how a frame looks, not what it is for.
import { element, find } from "./dom.ts";
import { type Frame, type FrameFacts, type FrameKind, readFrame, unfold } from "./frames.ts";
import { StickyScroll } from "./sticky-scroll.ts";

// Older frames are let go: the panel may stay open for days.
const FRAMES_KEPT = 300;
const PAYLOAD_SHOWN = 300;
const ID_SHOWN = 6;

const LABELS: Readonly<Record<FrameKind, string>> = {
  event: "event",
  request: "request",
  reply: "reply",
  refusal: "refused",
  control: "control",
  text: "text",
};

const clock = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});

/** The list of frames, and the button that opens it. */
export class FramesPanel {
  readonly #panel = find("frames", HTMLElement);
  readonly #toggle = find("frames-toggle", HTMLButtonElement);
  readonly #list = find("frames-list", HTMLOListElement);
  readonly #empty = find("frames-empty", HTMLElement);
  readonly #count = find("frames-count", HTMLElement);
  readonly #scroll = new StickyScroll(find("frames-scroll", HTMLElement));
  #passed = 0;

  constructor() {
    this.#toggle.addEventListener("click", () => this.#open(this.#panel.hidden !== false));
    find("frames-close", HTMLButtonElement).addEventListener("click", () => this.#open(false));
    find("frames-clear", HTMLButtonElement).addEventListener("click", () => this.#clear());
    this.#panel.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.#open(false);
    });
  }

  /** Adds a frame that has just passed. */
  add(frame: Frame): void {
    this.#passed++;
    this.#count.textContent = String(this.#passed);
    this.#empty.hidden = true;
    this.#list.append(rowOf(frame, readFrame(frame)));
    if (this.#list.childElementCount > FRAMES_KEPT) this.#list.firstElementChild?.remove();
    this.#scroll.settle();
  }

  #open(open: boolean): void {
    this.#panel.hidden = !open;
    this.#toggle.setAttribute("aria-expanded", String(open));
    if (open) this.#scroll.toEnd();
    else this.#toggle.focus();
  }

  #clear(): void {
    this.#passed = 0;
    this.#count.textContent = "0";
    this.#list.replaceChildren();
    this.#empty.hidden = false;
  }
}

function rowOf(frame: Frame, facts: FrameFacts): HTMLLIElement {
  const { kind, eventName, payload, id, bytes } = facts;
  const way = element("span", "frame-way", frame.way === "out" ? "↑" : "↓");
  way.title = frame.way === "out" ? "sent" : "received";
  way.setAttribute("aria-label", way.title);
  way.setAttribute("role", "img");
  const head = element(
    "span",
    "frame-head",
    way,
    element("span", "frame-kind", LABELS[kind]),
    element("span", "frame-name", eventName),
    element("span", "frame-id", id === undefined ? "" : `#${id.slice(-ID_SHOWN)}`),
    element("time", "frame-time", clock.format(frame.at)),
  );
  const preview = element("span", "frame-payload", payload.slice(0, PAYLOAD_SHOWN));
  const raw = element("pre", "frame-raw");
  const details = element("details", "", element("summary", "frame-summary", head, preview), raw);
  details.addEventListener("toggle", () => {
    raw.textContent = details.open ? `${unfold(frame.text)}\n\n${bytes} bytes` : "";
    if (details.open) details.scrollIntoView({ block: "nearest" });
  });
  const row = element("li", "frame", details);
  row.dataset.way = frame.way;
  row.dataset.kind = kind;
  return row;
}
