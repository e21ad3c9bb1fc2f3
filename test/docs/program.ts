// Makes one module of several snippets: imports joined at the top, addresses replaced by a free port, ends closed.
// Compiles and runs nothing.
import { nodesOf, type SyntaxNode } from "../architecture/syntax.ts";
import type { Snippet } from "./snippet.ts";

/** What the imports of several snippets come to. */
class Imports {
  readonly #named = new Map<string, Set<string>>();
  readonly #whole = new Set<string>();

  /** Takes the imports out of `code` and remembers them. */
  takeFrom(code: string): string {
    let rest = code;
    for (const node of importsIn(code).reverse()) {
      this.#add(code.slice(node.start, node.end));
      rest = rest.slice(0, node.start) + rest.slice(node.end);
    }
    return rest;
  }

  #add(statement: string): void {
    const [, type = "", names, source] = /^import (type )?\{([^}]*)\} from "([^"]+)";?$/s.exec(statement) ?? [];
    if (names === undefined || source === undefined) {
      this.#whole.add(statement);
      return;
    }
    const known = this.#named.get(source) ?? new Set();
    this.#named.set(source, known);
    for (const name of names.split(",").map((text) => text.trim())) {
      if (name !== "" && !(type !== "" && known.has(name))) known.add(`${type}${name}`);
    }
  }

  toString(): string {
    const named = [...this.#named].map(([source, names]) => {
      const values = [...names].filter((name) => !(name.startsWith("type ") && names.has(name.slice(5))));
      return `import { ${values.join(", ")} } from "${source}";`;
    });
    return [...named, ...this.#whole].join("\n");
  }
}

function importsIn(code: string): SyntaxNode[] {
  return [...nodesOf(code)].map(([node]) => node).filter(({ type }) => type === "ImportDeclaration");
}

/** The program of `parts`, the snippet itself among them, which closes what `closing` names at its end. */
export function programOf(parts: readonly Snippet[], closing: readonly string[], port: number): string {
  const imports = new Imports();
  const bodies = parts.map(({ fence }) => `// ${fence.page}:${fence.line}\n${imports.takeFrom(fence.code).trim()}`);
  const ends = closing.map((name) => `await ${name}.close();`);
  return withAddresses(`${[imports, ...bodies, ...ends, "export {};"].join("\n")}\n`, port);
}

/** Ports and hosts of examples, as a machine under test can have them. */
function withAddresses(code: string, port: number): string {
  return code
    .replace(/\b(port: |localhost:|listen\()(?:8000|3000)\b/g, `$1${port}`)
    .replace(/\bwss:\/\/example\.com\b/g, `ws://localhost:${port}`);
}
