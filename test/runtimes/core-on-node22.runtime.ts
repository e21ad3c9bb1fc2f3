// The tests of the core, on Node 22.
import { nodeBinary } from "./binaries.ts";
import { coreTestsOn } from "./core-tests.ts";

await coreTestsOn({ name: "node 22", command: nodeBinary(22), args: [] });
