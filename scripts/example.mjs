// Builds an example and starts it: a page of the counter and its server (npm run example -- react), or the server of a
// framework (npm run example -- express).
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { argv, exit } from "node:process";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { buildPage } from "./build-page.mjs";
import { buildServer, SERVERS } from "./build-server.mjs";
import { FRAMEWORKS } from "./framework-plugins.mjs";

const ROOT = resolve(import.meta.dirname, "..");
const EXAMPLES = [...FRAMEWORKS, "script-tag", ...SERVERS, "vite"];
const [, , name] = argv;

if (!EXAMPLES.includes(name)) {
  console.error(`Which one? npm run example -- ${EXAMPLES.join(" | ")}`);
  exit(1);
}

execFileSync(process.execPath, ["scripts/build.mjs"], { cwd: ROOT, stdio: "inherit" });
if (SERVERS.includes(name)) await import(pathToFileURL(await buildServer(name)).href);
else if (name === "vite") await startVite();
else await startCounter();

async function startVite() {
  const { createServer } = await import("vite");
  const vite = await createServer({ root: join(ROOT, "examples/vite") });
  await vite.listen();
  vite.printUrls();
}

async function startCounter() {
  const source = join(ROOT, "examples", name);
  const folder = join(source, "dist");
  const server = join(folder, "server.js");
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
}
