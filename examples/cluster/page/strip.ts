// Shows the processes in a row: which are there, how many connections each has, and which of them is this page's.
// Knows no connection: whoever made it says what there is, and does the killing.
import { element } from "../../chat/page/dom.ts";
import type { ProcessStatus } from "../status.ts";

const COUNT_MS = 250;

const STATES = { starting: "starting", alive: "alive", ended: "killed" } as const;

/** The row on top of the page. */
export class Strip {
  readonly #kill: (name: string) => void;
  readonly #list = element("ul", "cluster-list");
  readonly #news = element("p", "hidden");
  readonly #cards = new Map<string, Card>();
  #home: string | undefined;
  #shown: readonly ProcessStatus[] = [];

  /** @param kill - Somebody wants a process of this name gone. */
  constructor(kill: (name: string) => void) {
    this.#kill = kill;
    this.#news.setAttribute("role", "status");
    const title = element("h2", "hidden", "Processes");
    title.id = "cluster-title";
    const section = element("section", "cluster", title, this.#list, this.#news);
    section.setAttribute("aria-labelledby", title.id);
    document.querySelector("header")?.after(section);
    window.setInterval(() => {
      for (const card of this.#cards.values()) card.count();
    }, COUNT_MS);
  }

  /** The node this page is connected to, by its id: the process's name and something that is new with every start. */
  set home(node: string | undefined) {
    this.#home = node;
    this.show(this.#shown);
  }

  /** Shows how the processes are now. */
  show(processes: readonly ProcessStatus[]): void {
    this.#shown = processes;
    for (const status of processes) {
      const card = this.#cards.get(status.name) ?? this.#add(status.name);
      const said = card.show(status, this.#home?.startsWith(`${status.name}-`) ?? false);
      if (said !== undefined) this.#news.textContent = said;
    }
  }

  #add(name: string): Card {
    const card = new Card(name, () => this.#kill(name));
    this.#cards.set(name, card);
    this.#list.append(card.row);
    return card;
  }
}

/** One process. */
class Card {
  readonly row = element("li", "process");
  readonly #title: string;
  readonly #detail = element("span", "process-detail");
  readonly #here = element("span", "process-here", "you", element("span", "process-here-more", " are here"));
  readonly #button = element("button", "button small process-kill", "Kill it");
  #state: ProcessStatus["state"] | undefined;
  #backAt = 0;

  constructor(name: string, kill: () => void) {
    this.#title = `Process ${name.replace(/^\D+/, "")}`;
    this.#button.type = "button";
    this.#button.setAttribute("aria-label", `Kill ${this.#title.toLowerCase()}`);
    this.#button.addEventListener("click", kill);
    const dot = element("span", "state-dot");
    dot.setAttribute("aria-hidden", "true");
    const head = element("p", "process-head", dot, element("b", "process-name", this.#title), this.#here);
    this.row.append(element("div", "process-text", head, this.#detail), this.#button);
  }

  /** @returns What is new about it, in words. */
  show({ state, pid, connections, backInMs }: ProcessStatus, isHome: boolean): string | undefined {
    this.row.dataset.state = state;
    this.row.dataset.home = String(isHome);
    this.#here.hidden = !isHome;
    this.#button.disabled = state !== "alive";
    this.#backAt = Date.now() + backInMs;
    const isNews = this.#state !== undefined && this.#state !== state;
    this.#state = state;
    const counted = connections === 1 ? "1 connection" : `${connections} connections`;
    this.#detail.textContent = state === "alive" ? counted : "starting";
    this.#detail.title = state === "alive" ? `pid ${pid}` : "";
    this.count();
    return isNews ? `${this.#title} is ${STATES[state]}.` : undefined;
  }

  /** Seconds pass for one that is to come back. */
  count(): void {
    if (this.#state !== "ended") return;
    const seconds = Math.max(0, Math.ceil((this.#backAt - Date.now()) / 1_000));
    this.#detail.textContent = `killed · back in ${seconds} s`;
  }
}
