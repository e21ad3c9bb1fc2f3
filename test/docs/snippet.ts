// What a fence of TypeScript says about itself: its name, what it builds on, what is run after it.
// The comment before it, which readers do not see, has these parts, separated by semicolons:
//   a name · after X, Y · then Z · closes server, client · logs · from a/file.ts · not run: why · not compiled: why
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
  /** The file it is quoted from, which has tests of its own; empty for code of the page's own. */
  readonly source: string;
  /** How far it is checked. */
  readonly checked: "run" | "compiled" | "quoted" | "not";
  /** Why it is not checked all the way. */
  readonly reason: string;
}

const LIST = /^(after|then|closes) (.+)$/;
const QUOTED = /^from (\S+)$/;
const EXEMPT = /^not (run|compiled): *(.*)$/;
const LOGS = "logs";
const NAME = /^[a-z][a-z0-9-]*$/;
const SHORTEST_REASON = 10;

/**
 * Reads what is said about a fence.
 *
 * @throws {Error} for a comment that is not understood, and for an exemption without a reason.
 */
export function snippetOf(fence: Fence): Snippet {
  const place = `${fence.page}:${fence.line}`;
  const clauses = fence.directive
    .split(";")
    .map((clause) => clause.trim())
    .filter((clause) => clause !== "");
  const matches = (pattern: RegExp) => clauses.flatMap((clause) => [pattern.exec(clause) ?? []]);
  const last = (pattern: RegExp, group: number) => matches(pattern).findLast((match) => match.length > 0)?.[group];

  const stranger = clauses.find((clause) => ![LIST, QUOTED, EXEMPT, NAME].some((pattern) => pattern.test(clause)));
  if (stranger !== undefined) throw new Error(`${place}: "${stranger}" is no part of a snippet comment`);
  const exempt = last(EXEMPT, 1);
  const reason = last(EXEMPT, 2) ?? "";
  if (exempt !== undefined && reason.length < SHORTEST_REASON) throw new Error(`${place}: say why it is not ${exempt}`);

  const lists = new Map(matches(LIST).map(([, key = "", names = ""]) => [key, names.split(", ")]));
  const source = last(QUOTED, 1) ?? "";
  return {
    fence,
    name: clauses.find((clause) => NAME.test(clause) && clause !== LOGS) ?? place,
    after: lists.get("after") ?? [],
    followedBy: lists.get("then") ?? [],
    closes: lists.get("closes") ?? [],
    logs: clauses.includes(LOGS),
    source,
    checked: source !== "" ? "quoted" : exempt === "run" ? "compiled" : exempt === "compiled" ? "not" : "run",
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
