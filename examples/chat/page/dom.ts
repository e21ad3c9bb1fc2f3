// Finds and makes elements. Text only ever becomes text: there is no way to markup in here.

/**
 * The element of the page with this id.
 *
 * @throws When there is none, or it is of another kind.
 */
export function find<E extends Element>(id: string, kind: new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`The page has no ${kind.name} "${id}".`);
  return found;
}

/** Makes an element of a class, around texts and other elements. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  made.append(...children);
  return made;
}

/** A text that came from a peer, kept from turning the direction of what stands around it. */
export function foreign(text: string): HTMLElement {
  return element("bdi", "", text);
}
