// Which channel a record goes to. Room names become names that no broker takes for a pattern, each its own.

// Everything else, `=` included, is written as its code unit: distinct rooms never meet, lone surrogates neither.
const SPECIAL = /[^A-Za-z0-9_-]/g;

/** The channels of one application on a broker. */
export class Channels {
  readonly #prefix: string;

  /** @param name - Of letters, digits, `-` and `_`. */
  constructor(name: string) {
    this.#prefix = `${name}.`;
  }

  /** Where all nodes listen. */
  get all(): string {
    return `${this.#prefix}all`;
  }

  /** Where one node listens. */
  node(id: string): string {
    return `${this.#prefix}node.${id}`;
  }

  /** Where the nodes listen on which a room has members. */
  room(room: string): string {
    return `${this.#prefix}room.${room.replace(SPECIAL, (character) => `=${hex(character.charCodeAt(0))}`)}`;
  }
}

function hex(unit: number): string {
  return unit.toString(16).padStart(4, "0");
}
