// Builds the chat on several processes of examples/cluster into a folder: both programs, and the page as one script with
// its files. Expects the package to be built: the programs run against dist/, like any that installed it.
import { cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { argv } from "node:process";
import { build } from "esbuild";
import { ensureBrokerClients } from "./toolchain.mjs";

const ROOT = resolve(import.meta.dirname, "..");
const SOURCE = join(ROOT, "examples/cluster");
const CHAT_PAGE = join(ROOT, "examples/chat/page");

/**
 * Builds it.
 *
 * @param {string} folder Where to; inside the project, so that the programs find the package by its name.
 * @returns {Promise<string>} The path of the module that starts everything.
 */
export async function buildCluster(folder = join(SOURCE, "dist")) {
  const clients = await ensureBrokerClients();
  // The paths of tsconfig.json lead to the sources.
  const shared = { bundle: true, format: "esm", absWorkingDir: ROOT, logLevel: "warning", tsconfigRaw: {} };
  const page = join(folder, "page");
  mkdirSync(page, { recursive: true });
  await Promise.all([
    build({
      ...shared,
      entryPoints: [join(SOURCE, "server.ts"), join(SOURCE, "process.ts")],
      outdir: folder,
      platform: "node",
      target: "es2022",
      packages: "external",
    }),
    build({
      ...shared,
      entryPoints: [join(SOURCE, "page/main.ts"), join(SOURCE, "page/style.css")],
      outdir: page,
      platform: "browser",
    }),
  ]);
  for (const file of ["index.html", "bolt.svg"]) cpSync(join(CHAT_PAGE, file), join(page, file));
  // The root installs no client of Redis; here it is found where an application would have its own.
  const packages = join(folder, "node_modules");
  rmSync(packages, { recursive: true, force: true });
  symlinkSync(join(clients, "node_modules"), packages, "junction");
  return join(folder, "server.js");
}

if (argv[1] === import.meta.filename) {
  console.log(await buildCluster(argv[2] === undefined ? undefined : resolve(argv[2])));
}
