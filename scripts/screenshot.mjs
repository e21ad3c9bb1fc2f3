// Takes the pictures of the chat for the documentation from the running pages: npm run screenshot.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const cwd = fileURLToPath(new URL("../", import.meta.url));
const PICTURES = [
  { test: "chat", taken: "chat-desktop-light-frames", kept: "chat" },
  { test: "cluster", taken: "cluster-desktop-light-killed", kept: "demo-cluster" },
];

execFileSync(process.execPath, ["scripts/build.mjs"], { cwd, stdio: "inherit" });
const tests = PICTURES.map(({ test }) => `test/browser/${test}.test.ts`);
execFileSync("node_modules/.bin/vitest", ["run", ...tests], { cwd, stdio: "inherit" });
mkdirSync(`${cwd}docs/images`, { recursive: true });
for (const { taken, kept } of PICTURES) {
  const path = `${cwd}docs/images/${kept}.png`;
  copyFileSync(`${cwd}test-results/${taken}.png`, path);
  console.log(`${path}: ${Math.round(statSync(path).size / 1024)} KiB`);
}
