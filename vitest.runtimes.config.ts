import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

// The connector contract and the tests of the core, over runtimes and frameworks that are installed for it alone:
// npm run test:runtimes.
export default defineConfig({
  ...(base.resolve === undefined ? {} : { resolve: base.resolve }),
  test: {
    include: ["test/runtimes/*.runtime.ts", "test/frameworks/*.runtime.ts"],
    reporters: ["default", "./test/support/missing-reporter.ts", "./test/contracts/table-reporter.ts"],
    maxWorkers: 3,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
