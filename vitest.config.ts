import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const src = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

const CONNECTORS = /^zaptools\/(node|express|koa|fastify|hono|nest|h3|uws|vite|websocket|bun|elysia|deno|cloudflare)$/;

export default defineConfig({
  resolve: {
    // Tests import the package by its public name and get the sources.
    alias: [
      { find: /^zaptools$/, replacement: src("index.ts") },
      { find: /^zaptools\/client$/, replacement: src("client/node.ts") },
      { find: /^zaptools\/client\/shared$/, replacement: src("client/shared.ts") },
      { find: CONNECTORS, replacement: src("connectors/$1.ts") },
      { find: /^zaptools\/brokers$/, replacement: src("brokers/index.ts") },
      { find: /^zaptools\/(cluster|redis|nats)$/, replacement: src("brokers/$1.ts") },
      { find: /^zaptools\/decorators$/, replacement: src("decorators.ts") },
    ],
  },
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "dist/**"],
    // The others say at the end what could not run on this machine, and which connector keeps which part of the contract.
    reporters: ["default", "./test/support/missing-reporter.ts", "./test/contracts/table-reporter.ts"],
    // Many tests wait for servers, browsers and clocks: more at once than there are cores.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // What is waited for comes soon on most machines, and late on a busy one.
    expect: { poll: { timeout: 20_000 } },
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      exclude: ["src/**/*.test.ts", "src/**/*-types.ts"],
      reporter: ["text-summary"],
    },
  },
});
