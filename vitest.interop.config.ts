import { defineConfig } from "vitest/config";
import sources from "./vitest.config.ts";

// Ours and the programs of other languages, which scripts/test-interop.mjs makes ready: npm run test:interop.
export default defineConfig({
  resolve: sources.resolve ?? {},
  test: {
    include: ["test/interop/*.interop.ts"],
    reporters: ["default", "./test/support/missing-reporter.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
