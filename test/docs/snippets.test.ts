// Compiles and runs every TypeScript snippet of the documentation, and looks up every command.
import { execFile } from "node:child_process";
import { basename } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../support/free-port.ts";
import { type Compiled, compile } from "./compile.ts";
import { fencesOf } from "./markdown.ts";
import { fencesIn, read } from "./pages.ts";
import { programOf } from "./program.ts";
import { byName, partsOf, type Snippet, snippetOf } from "./snippet.ts";

const PARTS = "test/docs/parts.md";

const snippets = fencesIn("ts", "tsx", "typescript").map(snippetOf);
const named = byName([...snippets, ...fencesOf(PARTS, read(PARTS)).map(snippetOf)]);
const those = (...how: readonly Snippet["checked"][]) => snippets.filter(({ checked }) => how.includes(checked));

const placeOf = ({ fence }: Snippet) => `${fence.page}:${fence.line}`;
const fileOf = ({ fence }: Snippet) => `${basename(fence.page, ".md")}-${fence.line}`;

describe("every TypeScript snippet of the documentation", () => {
  const programs = those("run", "compiled");
  const exempt = those("compiled", "not");
  let compiled: ReadonlyMap<string, Compiled> = new Map();

  beforeAll(async () => {
    for (const snippet of exempt) {
      const how = snippet.checked === "not" ? "not compiled" : "compiled, not run";
      console.log(`${placeOf(snippet)} is ${how}: ${snippet.reason}`);
    }
    const codes = new Map<string, string>();
    for (const snippet of programs) {
      const parts = partsOf(snippet, named);
      const closing = [...new Set(parts.toReversed().flatMap(({ closes }) => closes))];
      codes.set(fileOf(snippet), programOf(parts, closing, await freePort()));
    }
    compiled = compile(codes);
  });

  it("is found: the test reads what it should", () => {
    expect(programs.length).toBeGreaterThan(20);
    expect(exempt.length, "Too much goes unchecked").toBeLessThan(snippets.length / 10);
  });

  it.concurrent.each(
    programs.map((snippet) => [placeOf(snippet), snippet] as const),
  )("%s compiles and runs", async (_place, snippet) => {
    const { errors, path } = compiled.get(fileOf(snippet)) ?? { errors: ["It was not compiled."], path: "" };
    if (errors.length > 0) expect.fail(errors.join("\n"));
    if (snippet.checked === "compiled") return;
    const { failure, stderr } = await run(path);
    if (failure !== undefined) expect.fail(failure);
    if (!partsOf(snippet, named).some(({ logs }) => logs)) expect(stderr).toBe("");
  });

  it.each(
    those("quoted").map((snippet) => [placeOf(snippet), snippet.source, snippet] as const),
  )("%s stands in %s, which has tests of its own", (_place, source, { fence }) => {
    expect(read(source)).toContain(fence.code);
  });
});

describe("every snippet in another language", () => {
  const foreign = fencesIn("python", "py", "go", "dart").map(snippetOf);

  it("is found", () => {
    expect(foreign.map(({ fence }) => fence.language)).toEqual(expect.arrayContaining(["python", "go"]));
  });

  it.each(
    foreign.map((snippet) => [placeOf(snippet), snippet.source, snippet] as const),
  )("%s stands in %s, a program that npm run test:interop runs", (_place, source, { fence }) => {
    expect(source).toMatch(/^test\/interop\/(?:python|go)\/\w+\.(?:py|go)$/);
    // Quoted from inside of a function, too.
    const asIndented = ["", "    "].map((by) => fence.code.replace(/^(?=.)/gm, by));
    expect(
      asIndented.some((code) => read(source).includes(code)),
      fence.code,
    ).toBe(true);
  });
});

describe("every command of the documentation", () => {
  const { name, scripts } = JSON.parse(read("package.json"));
  const commands = fencesIn("sh", "bash", "shell", "console").flatMap(({ page, code }) =>
    code
      .split(/\n|&&/)
      .map((line) => line.replace(/#.*$/, "").trim())
      .filter((line) => line !== "")
      .map((line) => [page, line] as const),
  );

  it("is found", () => {
    expect(commands.map(([, command]) => command)).toEqual(expect.arrayContaining(["npm ci", "npm start", "npm test"]));
  });

  it.each(commands)("can be typed: %s: %s", (_page, command) => {
    const [tool, verb = "", ...rest] = command.split(" ");
    const script = verb === "run" ? rest[0] : ["start", "test"].includes(verb) ? verb : undefined;
    if (tool === "npm" && script !== undefined) expect(scripts).toHaveProperty([script]);
    else if (tool === "npm" && verb === "install") expect([[name], [name, "ws"]]).toContainEqual(rest);
    else expect(["npm ci", "npx vitest run path/to/file.test.ts", ".ci/run"]).toContain(command);
  });
});

interface Outcome {
  /** Why it did not run to its end. */
  readonly failure?: string;
  readonly stderr: string;
}

/** What `execFile` rejects with has these besides the error's own fields. */
interface ExecFailure {
  readonly killed: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a module to its natural end: what it serves has to be closed by then. */
async function run(path: string): Promise<Outcome> {
  try {
    const { stderr } = await promisify(execFile)(process.execPath, [path], { timeout: 15_000 });
    return { stderr };
  } catch (error) {
    const { killed = false, stdout = "", stderr = "" }: Partial<ExecFailure> = Object(error);
    const hint = killed ? "It did not end: name what it has to close, <!-- snippet: closes server -->.\n" : "";
    return { failure: `${hint}${stdout}${stderr}`, stderr };
  }
}
