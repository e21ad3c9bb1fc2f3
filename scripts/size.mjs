// Says how large the client is: first against its limits, then beside the clients of others, all measured in one way.
// Run it after `npm run build`.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { ensureSizes } from "./toolchain.mjs";

const ROOT = resolve(import.meta.dirname, "..");

// What a first program with each of them imports.
const PEERS = [
  ["partysocket", "partysocket/ws", "{ default }"],
  ["reconnecting-websocket", "reconnecting-websocket", "{ default }"],
  ["graphql-ws", "graphql-ws/client", "{ createClient }"],
  ["partysocket", "partysocket", "{ PartySocket }"],
  ["phoenix", "phoenix", "{ Socket }"],
  ["@trpc/client", "@trpc/client", "{ createTRPCClient, createWSClient, wsLink }"],
  ["socket.io-client", "socket.io-client", "{ io }"],
  ["centrifuge", "centrifuge", "{ Centrifuge }"],
];

const gate = spawnSync(join(ROOT, "node_modules/.bin/size-limit"), { cwd: ROOT, stdio: "inherit" });
if (gate.status !== 0) process.exit(gate.status ?? 1);

const folder = await ensureSizes();
const version = (path) => JSON.parse(readFileSync(join(path, "package.json"), "utf8")).version;

const rows = [
  [
    "zaptools/client",
    "{ ZapClient }",
    version(ROOT),
    await sizesOf("./client/index.js", "{ ZapClient }", join(ROOT, "dist")),
  ],
];
for (const [name, specifier, imported] of PEERS) {
  const installed = version(join(folder, "node_modules", name));
  rows.push([specifier, imported, installed, await sizesOf(specifier, imported, folder)]);
}
rows.sort(([, , , one], [, , , other]) => one.gzip - other.gzip);

console.log("\nBytes of one import, as esbuild bundles and minifies it for ES2022, and then as gzip -9:\n");
print(["import", "from", "version", "minified", "gzip"]);
for (const [specifier, imported, version, { minified, gzip }] of rows) {
  print([imported, specifier, version, minified.toLocaleString("en"), gzip.toLocaleString("en")]);
}

/** What one import costs a page. */
async function sizesOf(specifier, imported, resolveDir) {
  const { outputFiles } = await build({
    stdin: { contents: `export ${imported} from "${specifier}"`, resolveDir },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
    logLevel: "error",
  });
  const [{ contents }] = outputFiles;
  return { minified: contents.length, gzip: gzipSync(contents, { level: 9 }).length };
}

function print([imported, specifier, version, minified, gzip]) {
  console.log(
    imported.padEnd(46) + specifier.padEnd(24) + version.padEnd(10) + minified.padStart(9) + gzip.padStart(9),
  );
}
