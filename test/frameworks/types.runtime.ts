// Compiles the runs of the contract and the examples with the frameworks' own types: our structural ones have to fit.
import { spawnSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { expect, it } from "vitest";
import { SERVERS } from "../../scripts/build-server.mjs";
import { ROOT } from "../architecture/source-files.ts";

it("the types of every connector fit those of its framework", () => {
  // Beside the frameworks, where their types are found.
  const copies = `${import.meta.dirname}/.cache/examples`;
  for (const name of [...SERVERS, "vite"]) {
    rmSync(`${copies}/${name}`, { recursive: true, force: true });
    cpSync(`${ROOT}examples/${name}`, `${copies}/${name}`, { recursive: true });
  }
  const compiler = [`${ROOT}node_modules/typescript/bin/tsc`, "--pretty", "false", "-p", "test/frameworks"];
  const { stdout } = spawnSync(process.execPath, compiler, { cwd: ROOT, encoding: "utf8" });
  expect(stdout).toBe("");
});
