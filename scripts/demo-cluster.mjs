// Builds the chat on four processes and starts it: npm run demo:cluster.
import { execFileSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { buildCluster } from "./build-cluster.mjs";

console.log("Building the package and the chat …");
execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: `${import.meta.dirname}/..`, stdio: "inherit" });
await import(pathToFileURL(await buildCluster()).href);
