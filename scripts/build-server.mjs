// Builds the example of a server framework or runtime: one module, with what it needs beside it.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { ensureRuntimes, ensureServerFrameworks } from "./toolchain.mjs";

const ROOT = resolve(import.meta.dirname, "..");

/** The examples that are servers; each is one file. */
export const SERVERS = ["node", "express", "koa", "fastify", "hono", "nest", "h3", "uws", "websocket"];

/** The examples for other runtimes; each is one file, too. */
export const ON_RUNTIMES = ["bun", "elysia", "hono-bun", "deno", "hono-deno"];

/**
 * Builds one of them.
 *
 * @param {string} name One of {@link SERVERS} or {@link ON_RUNTIMES}.
 * @param {"package" | "sources"} from Whether it gets zaptools as it was built, or from its sources.
 * @returns {Promise<string>} The module to run.
 */
export async function buildServer(name, from = "package") {
  const folder = await (ON_RUNTIMES.includes(name) ? ensureRuntimes() : ensureServerFrameworks());
  const outfile = join(folder, ".cache/examples", `${name}.mjs`);
  await build({
    entryPoints: [join(ROOT, "examples", name, "server.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    logLevel: "warning",
    packages: "external",
    plugins: [zaptoolsPlugin(from), uwsPlugin()],
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
  });
  return outfile;
}

/** Finds the package by its name, as it would be found where it is installed. */
function zaptoolsPlugin(from) {
  const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  return {
    name: "zaptools",
    setup({ onResolve }) {
      onResolve({ filter: /^zaptools(\/|$)/ }, ({ path }) => {
        const built = exports[path.replace("zaptools", ".")].default;
        if (from === "package") return { path: join(ROOT, built) };
        return { path: join(ROOT, built.replace("./dist/", "src/").replace(/\.js$/, ".ts")) };
      });
    },
  };
}

/** Finds uWebSockets.js, which is not on npm, in a package that has its binaries. */
function uwsPlugin() {
  const contents = `import { createRequire } from "node:module";
    const { platform, arch, versions } = process;
    const name = ["uws", platform, arch, versions.modules].join("_") + ".node";
    const uws = createRequire(import.meta.url)("@trufflesuite/uws-js-unofficial/binaries/" + name);
    export const { App, us_listen_socket_close } = uws;`;
  return {
    name: "uws",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^uWebSockets\.js$/ }, ({ path }) => ({ path, namespace: "uws" }));
      onLoad({ filter: /.*/, namespace: "uws" }, () => ({ contents }));
    },
  };
}
