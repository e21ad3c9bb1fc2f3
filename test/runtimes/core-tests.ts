// Runs the tests of the portable parts on another runtime, and makes a test here of each of them, passed or failed.
// Knows no runtime but by its program.
import { type ExecFileException, execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const VITEST = `${ROOT}node_modules/vitest/vitest.mjs`;
const CONFIG = `${ROOT}test/runtimes/core/vitest.config.ts`;

/** A runtime, and how it is asked to run a file of JavaScript. */
export interface Runtime {
  /** `bun`, `deno`, or `node` and its version, as in `node 22`. The tests fail anywhere else. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

interface Report {
  readonly testResults: readonly FileReport[];
}

interface FileReport {
  /** The file. */
  readonly name: string;
  readonly message: string;
  readonly assertionResults: readonly TestReport[];
}

interface TestReport {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[] | null;
}

interface Run {
  readonly report: Report;
  /** What the runner said when it did not end well, for whatever reason. */
  readonly complaint: string;
}

/** Declares the tests of the portable parts as they came out on this runtime. Awaits the whole run. */
export async function coreTestsOn(runtime: Runtime): Promise<void> {
  const { report, complaint } = await run(runtime);
  const files = report.testResults.map((file) => ({ ...file, path: file.name.replace(ROOT, "") }));
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  const passed = tests.filter(({ status }) => status === "passed").length;
  console.log(`${runtime.name}: ${passed} of ${tests.length} tests of the core passed, in ${files.length} files`);

  describe(`the tests of the core, on ${runtime.name}`, () => {
    it("are found, and run to their end", () => {
      expect(tests.length).toBeGreaterThan(1_000);
      expect(complaint).toBe("");
    });

    describe.each(files)("$path", ({ message, assertionResults }) => {
      it("loads", () => {
        if (assertionResults.length === 0) expect.fail(message);
      });
      for (const { fullName, status, failureMessages } of assertionResults) {
        it(fullName, () => {
          if (status !== "passed") expect.fail(`${status} ${failureMessages?.join("\n") ?? ""}`);
        });
      }
    });
  });
}

async function run({ name, command, args }: Runtime): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), "zaptools-core-tests-"));
  const file = join(folder, "report.json");
  const env = { ...process.env, ZAPTOOLS_RUNTIME: name };
  const told = ["run", "--config", CONFIG, "--reporter=json", `--outputFile=${file}`];
  try {
    const complaint = await new Promise<string>((resolve) => {
      const ended = (error: ExecFileException | null, stdout: string, stderr: string) =>
        resolve(error === null ? "" : `${error.message}\n${stdout}${stderr}`);
      execFile(command, [...args, VITEST, ...told], { cwd: ROOT, env, maxBuffer: 2 ** 26 }, ended);
    });
    return { report: reportIn(file, complaint), complaint };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @throws {Error} When there is none: then with what the runner said instead. */
function reportIn(file: string, complaint: string): Report {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new Error(`The tests left no report. ${complaint}`, { cause });
  }
}
