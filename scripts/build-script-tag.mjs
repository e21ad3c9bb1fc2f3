// Builds the client for pages without a bundler: one script that makes one global, `zaptools`.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const ROOT = resolve(import.meta.dirname, "..");

/**
 * Builds the script.
 *
 * @param {string} entry The client's public face, from which everything is exported.
 * @param {string} outfile Where to.
 */
export async function buildScriptTag(entry, outfile) {
  const { name, version, license } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    format: "iife",
    globalName: name,
    platform: "browser",
    target: "es2022",
    banner: { js: `/*! ${name} ${version}, ${license} */` },
    logLevel: "warning",
    tsconfigRaw: {},
  });
}
