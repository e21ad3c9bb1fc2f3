// The contract as types: what is wrong does not compile, what is right does, on every TypeScript we promise.
// The assertions are in the files that are compiled: an error that nobody expects fails, and so does one that is missing.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Compilers, prepareCompilers, VERSIONS } from "./compilers.ts";

// Three compilers over three validators take their time, the more so on a busy machine.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

// These are made of their framework's own types; whoever imports one has the framework.
const BINDINGS = new Set(["zaptools/react", "zaptools/vue", "zaptools/svelte", "zaptools/solid"]);

let compilers: Compilers;

beforeAll(async () => {
  compilers = await prepareCompilers();
});

afterAll(() => compilers.remove());

describe.each(VERSIONS)("TypeScript %s", (version) => {
  test("refuses every wrong use of a contract and takes every right one", async () => {
    expect(await compilers.compile(version, ["test/types/cases"])).toMatchObject({ errors: "" });
  });

  test("checks methods marked with legacy decorators", async () => {
    const options = { experimentalDecorators: true };
    const legacy = await compilers.compile(version, ["test/types/cases/decorators/classes.ts"], options);
    expect(legacy).toMatchObject({ errors: "" });
  });

  test("needs nobody's typings to read the declarations of any entry point", async () => {
    const imports = compilers.entries
      .filter((name) => !BINDINGS.has(name))
      .map((name, index) => `export * as entry${index} from "${name}";\n`);
    expect(imports.length).toBeGreaterThan(3);
    const file = join(compilers.folder, "entries.ts");
    writeFileSync(file, imports.join(""));
    const options = { skipLibCheck: false, types: [], typeRoots: [], lib: ["ES2022", "DOM"] };
    expect(await compilers.compile(version, [file], options)).toMatchObject({ errors: "" });
  });

  test("can write declarations of what users export", async () => {
    const rootDir = join(import.meta.dirname, "cases/exported");
    const options = {
      rootDir,
      declaration: true,
      emitDeclarationOnly: true,
      noEmit: false,
      outDir: join(compilers.folder, "out"),
    };
    const exported = await compilers.compile(version, [rootDir], options);
    expect(exported).toMatchObject({ errors: "" });
    const written = readFileSync(join(compilers.folder, "out/register.d.ts"), "utf8");
    expect(written).toContain("EventRegister<");
    expect(written).not.toMatch(/\bany\b/);
  });
});

test("the cases hold with module resolution as bundlers have it, too", async () => {
  const options = { module: "ESNext", moduleResolution: "Bundler" };
  expect(await compilers.compile("7.0", ["test/types/cases"], options)).toMatchObject({ errors: "" });
});

test("an assertion about a type fails when the type is another", async () => {
  const file = join(compilers.folder, "wrong.ts");
  writeFileSync(
    file,
    [
      'import { defineEvents, EventRegister, type } from "zaptools";',
      `import { exactly } from "${join(import.meta.dirname, "cases/expect.ts")}";`,
      "const register = new EventRegister(defineEvents({ clientToServer: { a: type<{ b: string }>() } }));",
      'register.onEvent("a", ({ payload }) => exactly<{ b: number }>()(payload));',
      'register.onEvent("a", ({ payload }) => exactly<{ b: unknown }>()(payload));',
      'register.onEvent("a", ({ payload }) => exactly<unknown>()(payload));',
      'register.onEvent("a", ({ payload }) => exactly<{ b?: string }>()(payload));',
      'register.onEvent("a", ({ payload }) => exactly<{ b: string }>()(payload));',
    ].join("\n"),
  );
  const { errors } = await compilers.compile("7.0", [file]);
  expect([...errors.matchAll(/wrong\.ts\((\d+),/g)].map(([, line]) => line)).toEqual(["4", "5", "6", "7"]);
});
