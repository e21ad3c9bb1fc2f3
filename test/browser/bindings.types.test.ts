// Compiles the bindings, their examples and pages with the frameworks' own types: a wrong name is an error, a right one
// is none. What src/ is checked against otherwise is our own description of the frameworks.
import { spawnSync } from "node:child_process";
import { beforeAll, expect, it } from "vitest";
import { ensureFrameworks } from "../../scripts/toolchain.mjs";
import { ROOT } from "../architecture/source-files.ts";
import { FRAMEWORKS } from "./bindings-pages.ts";

beforeAll(ensureFrameworks);

it.each(FRAMEWORKS)("%s: names, payloads and answers are those of the contract", (framework) => {
  const config = `test/browser/frameworks/tsconfig.${framework}.json`;
  const compiler = [`${ROOT}node_modules/typescript/bin/tsc`, "--noEmit", "--pretty", "false", "-p", config];
  const { stdout, status } = spawnSync(process.execPath, compiler, { cwd: ROOT, encoding: "utf8" });
  expect(stdout).toBe("");
  expect(status).toBe(0);
});
