// Builds what the chat needs, and starts it: npm start.
import { execFileSync } from "node:child_process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildChat } from "./build-chat.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));
console.log("Building the package and the chat …");
execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: root, stdio: "inherit" });
await import(pathToFileURL(await buildChat()).href);
