// What is an entry of this project, for the search for dead code. The package's own entries are read from its exports.
import { readFileSync } from "node:fs";

const { exports } = JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8"));

/** The sources that the package's exports are built from. */
const entries = Object.values(exports)
  .flatMap((target) => (typeof target === "string" ? [] : Object.values(target)))
  .filter((path) => path.endsWith(".js"))
  .map((path) => path.replace("./dist/", "src/").replace(/\.js$/, ".ts!"));

export default {
  // Frameworks are optional on purpose, and used where they are installed.
  exclude: ["optionalPeerDependencies"],
  // A type may be exported because an exported declaration beside it is made of it.
  ignoreExportsUsedInFile: { interface: true, type: true },
  workspaces: {
    ".": {
      entry: [
        ...entries,
        "scripts/*.mjs!",
        "examples/*/{server,main}.{ts,tsx,mjs}",
        "examples/{chat,cluster}/page/main.ts",
        // Started by examples/cluster/server.ts, by its path.
        "examples/cluster/process.ts",
        "examples/vite/{register,vite.config}.ts",
        "examples/cloudflare/worker.ts",
        // Imported by components in languages of their own.
        "examples/{vue,svelte}/*.ts",
        "test/browser/pages/**/*.ts",
        // Translated or started by tests, by their paths.
        "test/decorators/{play,fixture}.ts",
        "test/e2e/programs/*.ts",
        "test/attacks/programs/*.ts",
        "test/attacks/soak/mob.ts",
        "test/interop/*.interop.ts",
        "test/browser/life/program.ts",
        ".ci/*.mjs",
      ],
      project: [
        "src/**/*.ts!",
        "scripts/**/*.mjs",
        "examples/**/*.{ts,tsx,mjs}",
        "test/**/*.{ts,mjs}",
        // Compiled by tests, with packages of test/toolchain.
        "!test/types/cases/**",
      ],
      // Started as a process, by name.
      ignoreBinaries: ["redis-server"],
      ignoreDependencies: [
        // Called by scripts/check.mjs, by its path.
        "publint",
        // Of test/browser/frameworks, where the examples of the bindings are built.
        "react-dom",
        "@babel/core",
        "babel-preset-solid",
        // Of test/frameworks, where the examples of the servers are built.
        "@fastify/websocket",
        "@hono/node-server",
        "@nestjs/common",
        "@nestjs/core",
        "@nestjs/websockets",
        "crossws",
        "express",
        "express-session",
        "fastify",
        "h3",
        "elysia",
        "hono",
        "koa",
        "reflect-metadata",
        // Not on npm.
        "uWebSockets.js",
        // Of test/browser/firefox, where there is a Firefox to drive.
        "puppeteer-core",
      ],
    },
    // Bun, taskset and redis-server are started as processes, by name.
    bench: {
      entry: ["**/*.mjs"],
      project: ["**/*.mjs"],
      ignoreDependencies: ["bun"],
      ignoreBinaries: ["taskset", "redis-server"],
    },
    // The runtimes are started as processes, by the paths of their binaries.
    "test/runtimes": {
      entry: ["**/*.{ts,mjs}"],
      project: ["**/*.{ts,mjs}"],
      ignoreDependencies: ["bun", "deno"],
    },
    "test/frameworks": { entry: ["**/*.ts"], ignoreDependencies: [".*"] },
    // Loaded by their names, once they are installed.
    "test/brokers": { entry: ["*.test.ts", "programs/*.ts"], project: ["**/*.ts"], ignoreDependencies: [".*"] },
    "test/toolchain": { entry: [], ignoreDependencies: [".*"] },
    // Bundled by scripts/size.mjs, by their names.
    "test/sizes": { entry: [], ignoreDependencies: [".*"] },
  },
};
