// Compiles the servers of the contract and the examples with the frameworks' own types: our structural ones have to fit.
import { spawnSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { expect, it } from "vitest";
import { ON_RUNTIMES } from "../../scripts/build-server.mjs";
import { ROOT } from "../architecture/source-files.ts";

it("the connectors fit the types of Hono and Elysia, which they do not import", () => {
  // Beside the frameworks, where their types are found.
  const copies = `${import.meta.dirname}/.cache/examples`;
  rmSync(copies, { recursive: true, force: true });
  for (const name of [...ON_RUNTIMES, "cloudflare"]) {
    cpSync(`${ROOT}examples/${name}`, `${copies}/${name}`, { recursive: true });
  }
  const compiler = [`${ROOT}node_modules/typescript/bin/tsc`, "--pretty", "false", "-p", "test/runtimes"];
  const { stdout } = spawnSync(process.execPath, compiler, { cwd: ROOT, encoding: "utf8" });
  expect(stdout).toBe("");
});
