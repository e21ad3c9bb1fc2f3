import { defineConfig } from "vitest/config";

// The connector contract over runtimes that are installed for it alone: npm run test:runtimes.
export default defineConfig({
  test: {
    include: ["test/runtimes/*.runtime.ts"],
    reporters: ["default", "./test/contracts/table-reporter.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
