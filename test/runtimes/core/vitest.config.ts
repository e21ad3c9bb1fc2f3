import { defineConfig } from "vitest/config";
import sources from "../../../vitest.config.ts";

/** What tests `ws` from inside. Bun puts a WebSocket of its own in the place of `ws`, which has no such inside. */
const OF_WS = ["src/client/ws-socket.test.ts"];

// The tests of what runs everywhere, for a runtime that is told by ZAPTOOLS_RUNTIME.
export default defineConfig({
  root: new URL("../../../", import.meta.url).pathname,
  resolve: sources.resolve ?? {},
  test: {
    include: ["src/{protocol,core,rooms,client}/**/*.test.ts", "src/*.test.ts"],
    exclude: process.env.ZAPTOOLS_RUNTIME === "bun" ? OF_WS : [],
    setupFiles: ["test/runtimes/core/runs-where-it-should.ts"],
    // Several runtimes are at it at the same time.
    maxWorkers: 1,
    testTimeout: 60_000,
  },
});
