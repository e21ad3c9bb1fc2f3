// The tests of the core, on Node 26.
import { nodeBinary } from "./binaries.ts";
import { coreTestsOn } from "./core-tests.ts";

await coreTestsOn({ name: "node 26", command: nodeBinary(26), args: [] });
