// Builds one page of the counter and starts its server: npm run example -- react
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { argv, exit } from "node:process";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { buildPage } from "./build-page.mjs";
import { FRAMEWORKS } from "./framework-plugins.mjs";

const ROOT = resolve(import.meta.dirname, "..");
const EXAMPLES = [...FRAMEWORKS, "script-tag"];
const [, , name] = argv;

if (!EXAMPLES.includes(name)) {
  console.error(`Which one? npm run example -- ${EXAMPLES.join(" | ")}`);
  exit(1);
}

const source = join(ROOT, "examples", name);
const folder = join(source, "dist");
const server = join(folder, "server.js");

execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: ROOT, stdio: "inherit" });
if (FRAMEWORKS.includes(name)) {
  const entry = ["main.tsx", "main.ts"].map((file) => join(source, file)).find(existsSync);
  await buildPage({ framework: name, entry, html: join(ROOT, "examples/counter/index.html"), folder });
} else {
  mkdirSync(folder, { recursive: true });
  cpSync(join(source, "index.html"), join(folder, "index.html"));
  cpSync(join(ROOT, "dist/zaptools.min.js"), join(folder, "zaptools.min.js"));
}
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
