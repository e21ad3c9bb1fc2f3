import { defineConfig } from "vitest/config";
import sources from "../../../vitest.config.ts";

/**
 * What tests `ws` from inside, and that the client on Node takes it. Bun puts a WebSocket of its own in the place of `ws`,
 * which has no such inside, and on neither of them the client takes `ws`.
 */
const NOT_ON = new Map([
  ["bun", ["src/client/ws-socket.test.ts", "src/client/node.test.ts"]],
  ["deno", ["src/client/node.test.ts"]],
]);

// The tests of what runs everywhere, for a runtime that is told by ZAPTOOLS_RUNTIME.
export default defineConfig({
  root: new URL("../../../", import.meta.url).pathname,
  resolve: sources.resolve ?? {},
  test: {
    include: ["src/{protocol,core,rooms,client}/**/*.test.ts", "src/*.test.ts"],
    exclude: NOT_ON.get(process.env.ZAPTOOLS_RUNTIME ?? "") ?? [],
    setupFiles: ["test/runtimes/core/runs-where-it-should.ts"],
    // Several runtimes are at it at the same time.
    maxWorkers: 1,
    testTimeout: 180_000,
  },
});
