// A list of rooms to choose from, with how many are in each. Knows neither where the list comes from nor who joins.
import { element, foreign } from "./dom.ts";

/** A room and how many are in it. */
export interface RoomEntry {
  readonly name: string;
  readonly members: number;
}

/** One list of rooms on the page. */
export class RoomsView {
  readonly #list: HTMLUListElement;
  readonly #empty: HTMLElement | undefined;
  readonly #onPick: (room: string) => void;
  #shown = "";

  /** @param empty - Shown in place of an empty list. */
  constructor(list: HTMLUListElement, empty: HTMLElement | undefined, onPick: (room: string) => void) {
    this.#list = list;
    this.#empty = empty;
    this.#onPick = onPick;
  }

  /** Shows the rooms; `current` is marked as the one the user is in. */
  show(rooms: readonly RoomEntry[], current: string | undefined): void {
    // An unchanged list is left alone: whoever is about to press one of its buttons must not lose it.
    const shown = JSON.stringify([rooms, current]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    if (this.#empty !== undefined) this.#empty.hidden = rooms.length > 0;
    const focused = this.#list.querySelector<HTMLElement>(":focus")?.dataset.room;
    this.#list.replaceChildren(...rooms.map((room) => this.#row(room, room.name === current)));
    for (const button of this.#list.querySelectorAll("button")) if (button.dataset.room === focused) button.focus();
  }

  #row({ name, members }: RoomEntry, isCurrent: boolean): HTMLLIElement {
    const label = foreign(name);
    label.className = "room-name";
    const count = element("span", "count", String(members));
    count.title = members === 1 ? "1 person" : `${members} people`;
    const button = element("button", "room", element("span", "hash", "#"), label, count);
    button.type = "button";
    button.title = name;
    button.dataset.room = name;
    if (isCurrent) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => this.#onPick(name));
    return element("li", "", button);
  }
}
