// Builds a page of one of the frameworks into a folder: one script, and the page that loads it. Starts nothing.
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { frameworkOptions } from "./framework-plugins.mjs";

const ROOT = resolve(import.meta.dirname, "..");

/**
 * Builds a page for browsers.
 *
 * @param {object} page
 * @param {string} page.framework
 * @param {string} page.entry The page's script.
 * @param {string} page.html The page itself; it loads `main.js`.
 * @param {string} page.folder Where to.
 * @param {"package" | "sources"} [page.from] Whether the page gets zaptools as it was built, or from its sources.
 */
export async function buildPage({ framework, entry, html, folder, from = "package" }) {
  mkdirSync(folder, { recursive: true });
  cpSync(html, join(folder, "index.html"));
  await build(await optionsFor({ framework, entry, outfile: join(folder, "main.js"), side: "browser", from }));
}

/**
 * Builds a module that renders a page on a server.
 *
 * @param {object} page As for {@link buildPage}, and `outfile`, which is to end in `.cjs`.
 */
export async function buildServerPage({ framework, entry, outfile, from = "package" }) {
  await build(await optionsFor({ framework, entry, outfile, side: "server", from }));
}

async function optionsFor({ framework, entry, outfile, side, from }) {
  const { plugins, ...options } = await frameworkOptions(framework, side);
  return {
    ...options,
    plugins: from === "sources" ? [...plugins, sourcesPlugin(side)] : plugins,
    absWorkingDir: ROOT,
    bundle: true,
    entryPoints: [entry],
    outfile,
    format: side === "server" ? "cjs" : "esm",
    platform: side === "server" ? "node" : "browser",
    target: "es2022",
    logLevel: "warning",
    // The tsconfig.json beside examples is for the compiler: its paths lead to declarations.
    tsconfigRaw: {},
  };
}

/** Finds the sources of the package by its name, so that nothing has to be built. */
function sourcesPlugin(side) {
  const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  return {
    name: "zaptools-sources",
    setup({ onResolve }) {
      onResolve({ filter: /^zaptools(\/|$)/ }, ({ path }) => {
        const target = exports[path.replace("zaptools", ".")];
        const built = (side === "server" ? target.node : undefined) ?? target.default;
        return { path: join(ROOT, built.replace("./dist/", "src/").replace(/\.js$/, ".ts")) };
      });
    },
  };
}
