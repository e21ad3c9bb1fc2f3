// Who is in the room, and who of them is typing. Knows names only.
import { element, find, foreign } from "./dom.ts";
import { avatarOf } from "./names.ts";

// Somebody who has not typed for this long, in milliseconds, has stopped.
const TYPING_MS = 4_000;
// Beyond this many the line would say nothing but names.
const TYPISTS_NAMED = 2;

/** The list of members and the line that says who is typing. */
export class PeopleView {
  readonly #list = find("members", HTMLUListElement);
  readonly #counts = [find("here-count", HTMLElement), find("talk-count", HTMLElement)] as const;
  readonly #typing = find("typing", HTMLElement);
  readonly #typists = new Map<string, number>();

  /** Shows the members, the own name marked. */
  show(members: readonly string[], own: string): void {
    const [here, talk] = this.#counts;
    here.textContent = String(members.length);
    talk.textContent = members.length === 1 ? "Only you" : `${members.length} people`;
    const place = members.indexOf(own);
    this.#list.replaceChildren(...members.map((name, index) => memberRow(name, index === place)));
    for (const name of this.#typists.keys()) if (!members.includes(name)) this.stopped(name);
  }

  /** Somebody types. */
  typing(name: string): void {
    clearTimeout(this.#typists.get(name));
    this.#typists.set(
      name,
      window.setTimeout(() => this.stopped(name), TYPING_MS),
    );
    this.#showTypists();
  }

  /** Somebody has stopped: said it, left, or thought better of it. */
  stopped(name: string): void {
    clearTimeout(this.#typists.get(name));
    if (this.#typists.delete(name)) this.#showTypists();
  }

  /** Nobody types here any more: another room, or none. */
  allStopped(): void {
    for (const name of this.#typists.keys()) this.stopped(name);
  }

  #showTypists(): void {
    const names = [...this.#typists.keys()];
    const [first = "", second = ""] = names;
    const dots = element("span", "dots", element("i", ""), element("i", ""), element("i", ""));
    if (names.length === 0) this.#typing.replaceChildren();
    else if (names.length > TYPISTS_NAMED) this.#typing.replaceChildren(dots, "Several people are typing");
    else if (names.length === 1) this.#typing.replaceChildren(dots, foreign(first), " is typing");
    else this.#typing.replaceChildren(dots, foreign(first), " and ", foreign(second), " are typing");
  }
}

function memberRow(name: string, isOwn: boolean): HTMLLIElement {
  const shown = foreign(name);
  shown.title = name;
  const row = element("li", "member", avatarOf(name), shown);
  if (isOwn) row.append(element("span", "you", "you"));
  return row;
}
