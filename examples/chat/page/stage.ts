// Switches between the lobby and the room, and keeps address and title in step. Knows nothing of what happens in either.
import { find } from "./dom.ts";

const TITLE = "zaptools chat";

/** The two halves of the page. */
export class Stage {
  readonly #lobby = find("lobby", HTMLElement);
  readonly #chat = find("chat", HTMLElement);
  readonly #people = find("people", HTMLElement);
  readonly #peopleToggle = find("people-toggle", HTMLButtonElement);
  readonly #roomName = find("room-name", HTMLElement);
  #title = TITLE;
  #unread = 0;

  constructor() {
    this.#peopleToggle.addEventListener("click", () => this.#showPeople(this.#peopleToggle.ariaExpanded !== "true"));
    this.#people.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape") return;
      this.#showPeople(false);
      this.#peopleToggle.focus();
    });
    find("talk", HTMLElement).addEventListener("pointerdown", () => this.#showPeople(false));
    document.addEventListener("visibilitychange", () => this.#countUnread(0));
  }

  /** Shows the room. */
  enter(room: string): void {
    this.#lobby.hidden = true;
    this.#chat.hidden = false;
    this.#peopleToggle.hidden = false;
    this.#roomName.textContent = room;
    this.#roomName.title = room;
    this.#showPeople(false);
    this.#name(`${room} · ${TITLE}`, `#${encodeURIComponent(room)}`);
  }

  /** Shows the lobby. */
  leave(): void {
    this.#lobby.hidden = false;
    this.#chat.hidden = true;
    this.#peopleToggle.hidden = true;
    this.#name(TITLE, location.pathname);
  }

  /** Marks that the room's connection is away, or back. */
  set away(away: boolean) {
    this.#chat.dataset.away = String(away);
  }

  /** Something was said: counted in the title while nobody looks. */
  said(): void {
    if (document.visibilityState === "hidden") this.#countUnread(this.#unread + 1);
  }

  #name(title: string, address: string): void {
    this.#title = title;
    this.#countUnread(0);
    history.replaceState(null, "", address);
  }

  #countUnread(unread: number): void {
    this.#unread = unread;
    document.title = unread === 0 ? this.#title : `(${unread}) ${this.#title}`;
  }

  /** Only on narrow screens is there anything to see of it: elsewhere the people are always shown. */
  #showPeople(shown: boolean): void {
    this.#peopleToggle.ariaExpanded = String(shown);
    this.#people.classList.toggle("open", shown);
  }
}
