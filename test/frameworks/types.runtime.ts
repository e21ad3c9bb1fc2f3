// Compiles the runs of the contract and the examples with the frameworks' own types: our structural ones have to fit.
import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { ROOT } from "../architecture/source-files.ts";

it("the types of every connector fit those of its framework", () => {
  const compiler = [`${ROOT}node_modules/typescript/bin/tsc`, "--pretty", "false", "-p", "test/frameworks"];
  const { stdout } = spawnSync(process.execPath, compiler, { cwd: ROOT, encoding: "utf8" });
  expect(stdout).toBe("");
});
