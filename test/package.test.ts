// The package as its users get it: built and packed from a copy of the project, installed into an empty one.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { WebSocket } from "ws";

const execute = promisify(execFile);
const ROOT = resolve(import.meta.dirname, "..");
const TSC = join(ROOT, "node_modules/typescript/bin/tsc");
// What the build needs of the project, and what a package holds besides the built files.
const COPIED = ["src", "types", "scripts", "package.json", "tsconfig.json", "tsconfig.build.json"];
const DOCUMENTS = ["README.md", "LICENSE", "PROTOCOL.md", "CHANGELOG.md", "SECURITY.md"];

interface Manifest {
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

vi.setConfig({ testTimeout: 120_000, hookTimeout: 300_000 });

let folder: string;
let project: string;
let files: readonly string[];
const manifest: Manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "zaptools-package-"));
  const copy = join(folder, "copy");
  for (const name of [...COPIED, ...DOCUMENTS]) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  await run("npm", ["run", "build"], copy);
  const packed = await pack(copy);
  files = packed.files;
  project = join(folder, "project");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "empty", version: "1.0.0", type: "module" }));
  // The one dependency comes from this project, so that nothing has to be fetched.
  const ws = await pack(join(ROOT, "node_modules/ws"));
  const tarballs = [packed.tarball, ws.tarball];
  await run("npm", ["install", "--offline", "--no-audit", "--no-fund", ...tarballs], project);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the package holds what was built and the documents, and nothing else", () => {
  const others = files.filter((path) => !/^dist\/.+\.(d\.ts|js)$/.test(path));
  expect(others.toSorted()).toEqual([...DOCUMENTS, "package.json"].toSorted());
  expect(files.filter((path) => path.includes(".test."))).toEqual([]);
});

test("every target of the exports is in the package", () => {
  const targets = Object.values(manifest.exports).flatMap((target) =>
    typeof target === "string" ? [target] : Object.values(target),
  );
  expect(targets.map((target) => target.replace("./", "")).filter((target) => !files.includes(target))).toEqual([]);
});

test("every entry point can be imported, but for frameworks that are not installed", async () => {
  const entries = Object.keys(manifest.exports).filter((subpath) => subpath !== "./package.json");
  writeFileSync(
    join(project, "imports.mjs"),
    `for (const entry of ${JSON.stringify(entries)}) {
       await import("zaptools" + entry.slice(1)).catch((error) => console.log(entry, error.code, error.message));
     }`,
  );
  const stdout = await run(process.execPath, ["imports.mjs"], project);
  const peers = Object.keys(manifest.peerDependencies ?? {});
  const unexpected = stdout.split("\n").filter((line) => !peers.some((peer) => isMissing(line, peer)));
  expect(unexpected.join("\n")).toBe("");
});

test("it can be required from a CommonJS module", async () => {
  writeFileSync(join(project, "required.cjs"), 'console.log(typeof require("zaptools").EventRegister);');
  const stdout = await run(process.execPath, ["--no-warnings", "required.cjs"], project);
  expect(stdout).toBe("function\n");
});

test("the first example of the README type-checks with the strictest settings and without typings of others", async () => {
  await compileExample();
});

test("the first example of the README runs, greets, and ends when its server is closed", async () => {
  await compileExample();
  const example = spawn(process.execPath, ["index.js"], { cwd: project, stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(example, "exit");
  try {
    const [url] = await once(createInterface(example.stdout), "line");
    const peer = new WebSocket(String(url));
    await once(peer, "open");
    peer.send('{"eventName":"hello","payload":null}');
    const [data] = await once(peer, "message");
    expect(JSON.parse(String(data))).toEqual({ eventName: "hello", payload: "HELLO FROM SERVER !!!" });
    example.stdin.end();
    const [code] = await once(peer, "close");
    expect(code).toBe(1012);
    expect(await ended).toEqual([0, null]);
  } finally {
    example.kill();
  }
});

/** Runs a program and gives what it wrote; what it wrote is in the error, too, when it fails. */
async function run(file: string, args: readonly string[], cwd: string): Promise<string> {
  try {
    return (await execute(file, args, { cwd })).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${[file, ...args].join(" ")} failed:\n${stdout}${stderr}`, { cause: error });
  }
}

/** Packs a folder that holds a package. */
async function pack(source: string): Promise<{ readonly tarball: string; readonly files: readonly string[] }> {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const stdout = await run("npm", args, source);
  const [packed]: { filename: string; files: { path: string }[] }[] = JSON.parse(stdout);
  if (packed === undefined) throw new Error(`npm packed nothing in ${source}.`);
  return { tarball: join(folder, packed.filename), files: packed.files.map(({ path }) => path) };
}

/** Compiles the README's example in the empty project. It gets a free port, says where it listens, and can be ended. */
async function compileExample(): Promise<void> {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const example = /^```ts\n(.*?)^```/ms.exec(readme)?.[1];
  if (example === undefined) throw new Error("The README has no example.");
  expect(example).toContain("port: 8000");
  const ending = 'console.log(server.url);\nprocess.stdin.resume().once("end", () => server.close());\n';
  const declared =
    "declare const process: { stdin: { resume(): { once(event: string, listener: () => void): void } } };\n";
  writeFileSync(join(project, "index.ts"), example.replace("port: 8000", "port: 0") + declared + ending);
  const options = { module: "NodeNext", target: "ES2022", strict: true, skipLibCheck: false, types: [] };
  const strictest = { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, verbatimModuleSyntax: true };
  const compilerOptions = { ...options, ...strictest };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["index.ts"] }));
  await run(process.execPath, [TSC], project);
}

function isMissing(line: string, peer: string): boolean {
  return line === "" || (line.includes("ERR_MODULE_NOT_FOUND") && line.includes(`'${peer}'`));
}
