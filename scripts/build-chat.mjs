// Builds the chat of examples/chat into a folder: the server as one module, the page as one script with its files.
// Expects the package to be built: the server runs against dist/, like any program that installed it.
import { cpSync, mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "examples/chat");
const PAGE_FILES = ["index.html", "bolt.svg"];

/**
 * Builds the chat.
 *
 * @param {string} folder Where to; inside the project, so that the server finds the package by its name.
 * @returns {Promise<string>} The path of the server's module.
 */
export async function buildChat(folder = join(source, "dist")) {
  // The paths of tsconfig.json lead to the sources.
  const shared = { bundle: true, format: "esm", absWorkingDir: root, logLevel: "warning", tsconfigRaw: {} };
  const server = join(folder, "server.js");
  mkdirSync(join(folder, "page"), { recursive: true });
  await Promise.all([
    build({
      ...shared,
      entryPoints: [join(source, "server.ts")],
      outfile: server,
      platform: "node",
      target: "es2022",
      packages: "external",
    }),
    build({
      ...shared,
      entryPoints: [join(source, "page/main.ts"), join(source, "page/style.css")],
      outdir: join(folder, "page"),
      platform: "browser",
    }),
  ]);
  for (const file of PAGE_FILES) cpSync(join(source, "page", file), join(folder, "page", file));
  return server;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  console.log(await buildChat(argv[2] === undefined ? undefined : resolve(argv[2])));
}
