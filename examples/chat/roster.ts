// The people of one room by node, each once: whoever has connected again counts where they are now, even while a node
// that has died is still believed to be there. Knows no nodes but by name.
import type { Person } from "./people.ts";

/** One room. */
export class Roster {
  readonly #byNode = new Map<string, readonly Person[]>();
  /** The connection on which each visit was seen last. */
  readonly #newest = new Map<string, string>();

  /** Whether nobody is there on any node. */
  get isEmpty(): boolean {
    return this.#byNode.size === 0;
  }

  /** Those on one node. */
  of(node: string): readonly Person[] {
    return this.#byNode.get(node) ?? [];
  }

  /** Everyone, in the order they came. */
  people(): Person[] {
    return this.#all()
      .filter(({ id, visit }) => this.#newest.get(visit) === id)
      .sort((a, b) => a.since - b.since);
  }

  /** From now on, these are on a node. @returns Who came by it, and who left. */
  put(node: string, people: readonly Person[]): { readonly came: Person[]; readonly left: Person[] } {
    const before = this.people();
    const known = new Set(this.#all().map(({ id }) => id));
    if (people.length === 0) this.#byNode.delete(node);
    else this.#byNode.set(node, people);
    for (const { id, visit } of people) if (!known.has(id)) this.#newest.set(visit, id);
    const visits = new Set(this.#all().map(({ visit }) => visit));
    for (const visit of this.#newest.keys()) if (!visits.has(visit)) this.#newest.delete(visit);
    const after = this.people();
    return { came: without(after, before), left: without(before, after) };
  }

  #all(): Person[] {
    return [...this.#byNode.values()].flat();
  }
}

function without(people: readonly Person[], others: readonly Person[]): Person[] {
  const visits = new Set(others.map(({ visit }) => visit));
  return people.filter(({ visit }) => !visits.has(visit));
}
