import { describe, expect, it } from "vitest";
import { cycleIn } from "./cycles.ts";
import { forbiddenIn, globalsIn, importsOf, switchedOffTests, undocumentedIn } from "./syntax.ts";

const whats = (found: readonly { readonly what: string }[]): readonly string[] => found.map(({ what }) => what);

describe("what is imported", () => {
  it.each([
    ["an import", 'import { a } from "./a.ts";'],
    ["an import for its effect", 'import "./a.ts";'],
    ["a type-only import", 'import type { A } from "./a.ts";'],
    ["an import over several lines", 'import {\n  a,\n  b,\n} from "./a.ts";'],
    ["an export from", 'export { a } from "./a.ts";'],
    ["a type-only export from", 'export type { A } from "./a.ts";'],
    ["an export of everything", 'export * from "./a.ts";'],
    ["a dynamic import", 'const a = await import("./a.ts");'],
    ["the type of a module", 'let a: import("./a.ts").A;'],
  ])("is found in %s", (_form, text) => {
    expect(whats(importsOf(text))).toEqual(["./a.ts"]);
  });

  it("is not found in comments and strings", () => {
    const text = '// import "./a.ts"\n/* export * from "./b.ts" */\nexport const text = \'import "./c.ts"\';';
    expect(importsOf(text)).toEqual([]);
  });

  it("is found with its line", () => {
    expect(importsOf('// first\nimport "./a.ts";')).toEqual([{ what: "./a.ts", line: 2 }]);
  });

  it("cannot hide behind a computed name", () => {
    expect(whats(importsOf("const a = await import(name);"))).toEqual(["a module that is computed"]);
  });
});

describe("what is forbidden", () => {
  it.each([
    ["any", "let a: any;"],
    ["as any", "export const a = b as any;"],
    ["any as a type argument", "let a: Map<string, any>;"],
    ["a non-null !", "export const a = b!.c;"],
    ["a definite !", "let a!: string;"],
    ["an enum", "enum A { B }"],
    ["a const enum", "const enum A { B }"],
    ["a namespace", "namespace A {}"],
    ["a parameter property", "class A { constructor(readonly b: string) {} }"],
    ["a member that begins with _", "class A { _b = 1; }"],
    ["a method that begins with _", "class A { _b(): void {} }"],
    ["@ts-ignore", "// @ts-ignore\nlet a = 1;"],
    ["@ts-expect-error", "// @ts-expect-error for a reason\nlet a = 1;"],
    ["a TODO", "// TODO: more\nlet a = 1;"],
  ])("is found: %s", (_what, text) => {
    expect(forbiddenIn(text)).toHaveLength(1);
  });

  it("is not seen where it is only spoken of", () => {
    const text = '// any namespace! an enum\nexport const any = "x as any";\nif (!any && any != "") throw any;';
    expect(forbiddenIn(text)).toEqual([]);
  });
});

describe("globals", () => {
  const names = new Set(["setTimeout", "Date.now", "process"]);

  it.each([
    ["a call", "setTimeout(f, 1);", "setTimeout"],
    ["a value passed on", "const schedule = setTimeout;", "setTimeout"],
    ["a member of one", "const now = Date.now();", "Date.now"],
    ["an object", "const { env } = process;", "process"],
  ])("are found as %s", (_use, text, what) => {
    expect(whats(globalsIn(text, names))).toEqual([what]);
  });

  it("are not taken for members of the same name", () => {
    expect(
      globalsIn("clock.setTimeout(f); const a = { process: 1 }; class B { setTimeout(): void {} }", names),
    ).toEqual([]);
  });
});

describe("documentation", () => {
  it.each([
    ["a function", "export function a(): void {}"],
    ["a type", "export type A = string;"],
    ["a constant under an ordinary comment", "/* a */\nexport const a = 1;"],
    ["a constant under a line comment", "/** Of b. */\nconst b = 1;\n// a\nexport const a = b;"],
    ["a class", "export default class A {}"],
    ["a function after a constant", "/** a. */\nexport const a = 1;\nexport function b(): void {}"],
    ["a constant after a gap", "/** a. */\nexport const a = 1;\n\nexport const b = 1;"],
  ])("is missed at %s", (_what, text) => {
    expect(undocumentedIn(text)).toHaveLength(1);
  });

  it.each([
    ["a documented constant", "/** One. */\nexport const a = 1;"],
    ["a documented class", "/**\n * Two.\n */\nexport class A {}"],
    ["overloads documented once", "/** a. */\nexport function a(): void;\nexport function a(b?: string): void {}"],
    ["constants line after line", "/** a to c. */\nexport const a = 1;\nexport const b = 1;\nexport const c = 1;"],
    ["what comes from elsewhere", 'export { a } from "./a.ts";'],
    ["what stays inside", "const a = 1;"],
  ])("is not missed at %s", (_what, text) => {
    expect(undocumentedIn(text)).toEqual([]);
  });
});

describe("tests", () => {
  it.each([
    "it.skip('a', f);",
    "describe.only('a', f);",
    "test.todo('a');",
    "it.skipIf(x)('a', f);",
  ])("are seen to be taken out of the run: %s", (text) => {
    expect(switchedOffTests(text)).toHaveLength(1);
  });

  it("are left alone when they run", () => {
    expect(switchedOffTests("it('skips a frame', f); list.only(); it.each([1])('a', f);")).toEqual([]);
  });
});

describe("cycles", () => {
  const graph = (edges: Readonly<Record<string, readonly string[]>>) => new Map(Object.entries(edges));

  it("are found with the files along them", () => {
    expect(cycleIn(graph({ a: ["b"], b: ["c"], c: ["b"] }))).toEqual(["b", "c", "b"]);
  });

  it("are found at a file that imports itself", () => {
    expect(cycleIn(graph({ a: ["a"] }))).toEqual(["a", "a"]);
  });

  it("are not seen where two ways lead to one file", () => {
    expect(cycleIn(graph({ a: ["b", "c"], b: ["d"], c: ["d"], d: [] }))).toBeUndefined();
  });
});
