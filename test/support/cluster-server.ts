// Builds the chat on several processes; starting it is the same as with the chat alone. Looks at nothing it says.
import { execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { ROOT } from "../architecture/source-files.ts";

/**
 * Builds examples/cluster into a folder of its own, so that test files that run at once do not meet.
 *
 * @returns The program that starts everything, and what takes the folder away again.
 * @throws When the package itself has not been built.
 */
export function buildCluster(name: string): { readonly server: string; readonly remove: () => void } {
  if (!existsSync(`${ROOT}dist/index.js`)) throw new Error("dist/ is not there: run `npm run build` first.");
  const folder = `${ROOT}.cache/cluster-${name}-${process.pid}`;
  execFileSync(process.execPath, ["scripts/build-cluster.mjs", folder], { cwd: ROOT, stdio: "pipe" });
  return { server: `${folder}/server.js`, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
