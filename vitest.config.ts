import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const src = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    // Tests import the package by its public name and get the sources.
    alias: [
      { find: /^zaptools$/, replacement: src("index.ts") },
      { find: /^zaptools\/client$/, replacement: src("client/node.ts") },
      { find: /^zaptools\/client\/shared$/, replacement: src("client/shared.ts") },
      { find: /^zaptools\/node$/, replacement: src("connectors/node.ts") },
      { find: /^zaptools\/decorators$/, replacement: src("decorators.ts") },
    ],
  },
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "dist/**"],
    // The second says at the end what could not run on this machine.
    reporters: ["default", "./test/support/missing-reporter.ts"],
    testTimeout: 20_000,
    hookTimeout: 120_000,
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      exclude: ["src/**/*.test.ts", "src/**/*-types.ts"],
      reporter: ["text-summary"],
    },
  },
});
