// Whether the connectors fit the types of the frameworks they are for: the servers here are compiled against both.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

it("the connectors fit the types of Hono and Elysia, which they do not import", async () => {
  const compiler = `${ROOT}node_modules/typescript/bin/tsc`;
  const compiled = promisify(execFile)(process.execPath, [compiler, "-p", `${ROOT}test/runtimes/tsconfig.json`]);
  const complaint = await compiled.then(
    () => "",
    (error: { stdout: string }) => error.stdout,
  );
  expect(complaint).toBe("");
});
