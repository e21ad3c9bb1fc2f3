// Builds the page of one framework and starts the counter's server with it: npm run example -- react
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { argv, exit } from "node:process";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { buildPage } from "./build-page.mjs";
import { FRAMEWORKS } from "./framework-plugins.mjs";

const ROOT = resolve(import.meta.dirname, "..");
const [, , framework] = argv;

if (!FRAMEWORKS.includes(framework)) {
  console.error(`Which one? npm run example -- ${FRAMEWORKS.join(" | ")}`);
  exit(1);
}

const folder = join(ROOT, "examples", framework, "dist");
const entry = ["main.tsx", "main.ts"].map((name) => join(ROOT, "examples", framework, name)).find(existsSync);
const server = join(folder, "server.js");

execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: ROOT, stdio: "inherit" });
await buildPage({ framework, entry, html: join(ROOT, "examples/counter/index.html"), folder });
await build({
  entryPoints: [join(ROOT, "examples/counter/server.ts")],
  outfile: server,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "es2022",
  packages: "external",
});
argv[2] = folder;
await import(pathToFileURL(server).href);
