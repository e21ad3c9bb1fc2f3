// Reads one TypeScript file as a syntax tree and finds in it what the architecture test has rules for.
// Knows no rule itself.
import { parseAst } from "vitest/node";

/** A node of the syntax tree (ESTree with TypeScript's additions). */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** Something found in a file. */
export interface Finding {
  readonly what: string;
  readonly line: number;
}

/** The nodes of `text`, outermost first, each with its parent. */
export function* nodesOf(text: string): Generator<readonly [SyntaxNode, SyntaxNode | undefined]> {
  const program: unknown = parseAst(text, { lang: "ts", sourceType: "module" });
  if (isNode(program)) yield* walk(program, undefined);
}

function* walk(
  node: SyntaxNode,
  parent: SyntaxNode | undefined,
): Generator<readonly [SyntaxNode, SyntaxNode | undefined]> {
  yield [node, parent];
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) yield* walk(child, node);
    }
  }
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

// Lines are counted from 1.
function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** Every module `text` names: imports, exports from, dynamic imports and `import()` types, type-only ones included. */
export function importsOf(text: string): readonly Finding[] {
  const found: Finding[] = [];
  for (const [node] of nodesOf(text)) {
    if (!IMPORTING.has(node.type)) continue;
    const { source } = node;
    if (!isNode(source)) continue;
    const what = typeof source.value === "string" ? source.value : "a module that is computed";
    found.push({ what, line: lineAt(text, node.start) });
  }
  return found;
}

const IMPORTING: ReadonlySet<string> = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
  "TSImportType",
]);

const FORBIDDEN_NODES: ReadonlyMap<string, string> = new Map([
  ["TSAnyKeyword", "any: say unknown and narrow it"],
  ["TSNonNullExpression", "a non-null `!`: handle undefined"],
  ["TSEnumDeclaration", "an enum: use a frozen object and a union of its values"],
  ["TSModuleDeclaration", "a namespace: use a module"],
  ["TSParameterProperty", "a parameter property: declare the field and assign it"],
  ["TSExportAssignment", "export =: use ES modules"],
  ["TSImportEqualsDeclaration", "import =: use ES modules"],
]);

const FORBIDDEN_TEXT: readonly (readonly [RegExp, string])[] = [
  [/@ts-(?:ignore|expect-error|nocheck)/g, "a switched-off type check: fix the type"],
  [/\b(?:TODO|FIXME|XXX|HACK)\b/g, "unfinished business: finish it, or write an issue"],
];

/** What strict, erasable TypeScript has no place for, with what to do instead. */
export function forbiddenIn(text: string): readonly Finding[] {
  const found: Finding[] = [];
  for (const [node] of nodesOf(text)) {
    const what = node.definite === true ? "a definite `!`: give it a first value" : FORBIDDEN_NODES.get(node.type);
    if (what !== undefined) found.push({ what, line: lineAt(text, node.start) });
    else if (isUnderscoredMember(node)) {
      found.push({ what: "a member that begins with _: make it #private", line: lineAt(text, node.start) });
    }
  }
  for (const [pattern, what] of FORBIDDEN_TEXT) {
    for (const match of text.matchAll(pattern)) found.push({ what, line: lineAt(text, match.index) });
  }
  return found;
}

function isUnderscoredMember(node: SyntaxNode): boolean {
  if (node.type !== "MethodDefinition" && node.type !== "PropertyDefinition") return false;
  return isNode(node.key) && node.key.type === "Identifier" && String(node.key.name).startsWith("_");
}

/** Uses of globals by name; `Math.random` and the like are named with their object. */
export function globalsIn(text: string, names: ReadonlySet<string>): readonly Finding[] {
  const found: Finding[] = [];
  for (const [node, parent] of nodesOf(text)) {
    const what = nameOf(node);
    if (what !== undefined && names.has(what) && !isMemberName(node, parent)) {
      found.push({ what, line: lineAt(text, node.start) });
    }
  }
  return found;
}

function nameOf(node: SyntaxNode): string | undefined {
  if (node.type === "Identifier") return String(node.name);
  if (node.type !== "MemberExpression" || node.computed === true) return undefined;
  const { object, property } = node;
  if (!isNode(object) || !isNode(property) || object.type !== "Identifier") return undefined;
  return `${object.name}.${property.name}`;
}

/** Whether an identifier only names a member, so that it refers to no global. */
function isMemberName(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  if (parent === undefined || parent.computed === true) return false;
  return parent.property === node || parent.key === node;
}

/**
 * The exported declarations without a doc comment right before them. Constants line after line share the comment of
 * the first.
 */
export function undocumentedIn(text: string): readonly Finding[] {
  const found: Finding[] = [];
  let previousEnd: number | undefined;
  for (const [node] of nodesOf(text)) {
    if (node.type !== "ExportNamedDeclaration" && node.type !== "ExportDefaultDeclaration") continue;
    if (!isNode(node.declaration)) continue;
    const before = text.slice(0, node.start).trimEnd();
    const isConstant = node.declaration.type === "VariableDeclaration";
    const inRun = isConstant && previousEnd !== undefined && /^\n?$/.test(text.slice(previousEnd, node.start));
    previousEnd = isConstant ? node.end : undefined;
    if (inRun || isLaterOverload(text, node) || DOC_COMMENT_AT_END.test(before)) continue;
    found.push({ what: text.slice(node.start).split("\n", 1)[0] ?? "", line: lineAt(text, node.start) });
  }
  return found;
}

const DOC_COMMENT_AT_END = /\/\*\*(?:(?!\*\/)[\s\S])*\*\/$/;

/** Whether `node` is an overload after the first: the first has the documentation. */
function isLaterOverload(text: string, node: SyntaxNode): boolean {
  const name = /^export (?:async )?function (\w+)/.exec(text.slice(node.start))?.[1];
  return (
    name !== undefined && new RegExp(`^export (?:async )?function ${name}\\b`, "m").test(text.slice(0, node.start))
  );
}

/** Uses of `it.skip` and its like, which take tests out of the run or turn them round. */
export function switchedOffTests(text: string): readonly Finding[] {
  return globalsIn(text, SWITCHES);
}

const SWITCHES: ReadonlySet<string> = new Set(
  ["it", "test", "describe", "suite"].flatMap((name) =>
    ["skip", "only", "todo", "fails", "skipIf", "runIf"].map((how) => `${name}.${how}`),
  ),
);
