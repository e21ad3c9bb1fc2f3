// Takes the picture of the chat for the README from the running page: npm run screenshot.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const cwd = fileURLToPath(new URL("../", import.meta.url));
const TAKEN = `${cwd}test-results/chat-desktop-light-frames.png`;
const KEPT = `${cwd}docs/images/chat.png`;

execFileSync(process.execPath, ["scripts/build.mjs"], { cwd, stdio: "inherit" });
execFileSync("node_modules/.bin/vitest", ["run", "test/browser/chat.test.ts"], { cwd, stdio: "inherit" });
mkdirSync(new URL("../docs/images/", import.meta.url), { recursive: true });
copyFileSync(TAKEN, KEPT);
console.log(`${KEPT}: ${Math.round(statSync(KEPT).size / 1024)} KiB`);
