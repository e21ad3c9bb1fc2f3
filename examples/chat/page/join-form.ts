// The form that asks for a name and a room. Knows no connection: whoever made it does the joining.
import { find } from "./dom.ts";
import type { Explanation } from "./explain.ts";

const NAME_KEY = "zaptools-chat-name";
const FIELDS = ["name", "room"] as const;

/** What the form asked for. */
export interface Wish {
  readonly name: string;
  readonly room: string;
}

/** The form in the lobby. */
export class JoinForm {
  readonly #button = find("join-button", HTMLButtonElement);
  readonly #inputs = { name: find("name", HTMLInputElement), room: find("room", HTMLInputElement) };
  readonly #errors = { name: find("name-error", HTMLElement), room: find("room-error", HTMLElement) };

  /** @param onWish - Called with what was filled in, right or wrong: the server says which. */
  constructor(onWish: (wish: Wish) => void) {
    this.#inputs.name.value = remembered();
    this.#inputs.room.value = roomInAddress() ?? "lobby";
    find("join", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      onWish(this.wish);
    });
    for (const field of FIELDS) this.#inputs[field].addEventListener("input", () => this.#mark(field, ""));
  }

  /** What is filled in now. */
  get wish(): Wish {
    return { name: this.#inputs.name.value, room: this.#inputs.room.value };
  }

  /** Puts a room into the form. */
  chooseRoom(room: string): void {
    this.#inputs.room.value = room;
    this.#mark("room", "");
  }

  /** Whether it can be sent off. */
  set enabled(enabled: boolean) {
    this.#button.disabled = !enabled;
  }

  /** Shows what was wrong, field by field, and goes to the first that was. */
  refuse({ fields }: Explanation): void {
    for (const field of FIELDS) this.#mark(field, fields.get(field) ?? "");
    const first = FIELDS.find((field) => fields.has(field));
    if (first !== undefined) this.#inputs[first].focus();
  }

  /** Takes note that what was asked for came true: it is offered again next time. */
  accepted({ name, room }: Wish): void {
    for (const field of FIELDS) this.#mark(field, "");
    this.#inputs.room.value = room;
    try {
      localStorage.setItem(NAME_KEY, name);
    } catch {
      // Storage may be off; then the name is typed again.
    }
  }

  /** Puts the cursor where something is missing. */
  focus(): void {
    const { name, room } = this.#inputs;
    if (name.value === "") name.focus();
    else room.focus();
  }

  #mark(field: (typeof FIELDS)[number], error: string): void {
    this.#errors[field].textContent = error;
    if (error === "") this.#inputs[field].removeAttribute("aria-invalid");
    else this.#inputs[field].setAttribute("aria-invalid", "true");
  }
}

function remembered(): string {
  try {
    return localStorage.getItem(NAME_KEY) ?? "";
  } catch {
    return "";
  }
}

/** The room of an address such as `http://localhost:3000/#lobby`, so that a room can be passed on as a link. */
function roomInAddress(): string | undefined {
  try {
    return decodeURIComponent(location.hash.slice(1)) || undefined;
  } catch {
    return undefined;
  }
}
