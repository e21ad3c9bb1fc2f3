// What a fence of TypeScript says about itself: its name, what it builds on, what is run after it.
// The comment before it, which readers do not see, has these parts, separated by semicolons:
//   a name · after X, Y · then Z · closes server, client · logs · not run: why · not compiled: why
import type { Fence } from "./markdown.ts";

/** A fence of TypeScript. */
export interface Snippet {
  readonly fence: Fence;
  /** What others call it by; its place where it has no name. */
  readonly name: string;
  /** The snippets its code comes after, by name. */
  readonly after: readonly string[];
  /** The snippets that are run after its code: they use it, and check what comes of it. */
  readonly followedBy: readonly string[];
  /** The variables that are closed at the end. */
  readonly closes: readonly string[];
  /** Whether it may write to stderr. */
  readonly logs: boolean;
  /** How far it is checked. */
  readonly checked: "run" | "compiled" | "not";
  /** Why it is not checked all the way. */
  readonly reason: string;
}

const LIST = /^(after|then|closes) (.+)$/;
const EXEMPT = /^not (run|compiled): *(.*)$/;
const NAME = /^[a-z][a-z0-9-]*$/;

/**
 * Reads what is said about a fence.
 *
 * @throws {Error} for a comment that is not understood, and for an exemption without a reason.
 */
export function snippetOf(fence: Fence): Snippet {
  const place = `${fence.page}:${fence.line}`;
  const lists = new Map<string, readonly string[]>();
  let name = place;
  let logs = false;
  let checked: Snippet["checked"] = "run";
  let reason = "";
  for (const clause of fence.directive.split(";").map((text) => text.trim())) {
    const list = LIST.exec(clause);
    const exempt = EXEMPT.exec(clause);
    if (clause === "") continue;
    if (list !== null)
      lists.set(
        list[1] ?? "",
        (list[2] ?? "").split(",").map((text) => text.trim()),
      );
    else if (exempt !== null) {
      checked = exempt[1] === "run" ? "compiled" : "not";
      reason = exempt[2] ?? "";
      if (reason.length < 10) throw new Error(`${place}: say why in "not ${exempt[1]}: why"`);
    } else if (clause === "logs") logs = true;
    else if (NAME.test(clause)) name = clause;
    else throw new Error(`${place}: "${clause}" is no part of a snippet comment`);
  }
  const listOf = (key: string) => lists.get(key) ?? [];
  return {
    fence,
    name,
    after: listOf("after"),
    followedBy: listOf("then"),
    closes: listOf("closes"),
    logs,
    checked,
    reason,
  };
}

/** Snippets by name. @throws {Error} for a name that is taken. */
export function byName(snippets: readonly Snippet[]): ReadonlyMap<string, Snippet> {
  const named = new Map<string, Snippet>();
  for (const snippet of snippets) {
    if (named.has(snippet.name)) throw new Error(`Two snippets are called "${snippet.name}"`);
    named.set(snippet.name, snippet);
  }
  return named;
}

/** The snippets of a program in the order of their code: what it comes after, itself, what is run after it. */
export function partsOf(snippet: Snippet, named: ReadonlyMap<string, Snippet>): readonly Snippet[] {
  const parts = new Set<Snippet>();
  const find = (name: string, asker: Snippet): Snippet => {
    const found = named.get(name);
    if (found === undefined) throw new Error(`${asker.name} names the snippet "${name}", which is nowhere`);
    return found;
  };
  const add = (part: Snippet): void => {
    if (parts.has(part)) return;
    for (const name of part.after) add(find(name, part));
    parts.add(part);
  };
  add(snippet);
  for (const name of snippet.followedBy) add(find(name, snippet));
  return [...parts];
}
