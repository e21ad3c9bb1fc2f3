// The tests of the core, on Node 24.
import { nodeBinary } from "./binaries.ts";
import { coreTestsOn } from "./core-tests.ts";

await coreTestsOn({ name: "node 24", command: nodeBinary(24), args: [] });
