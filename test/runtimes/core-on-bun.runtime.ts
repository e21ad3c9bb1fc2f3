// The tests of the core, on Bun.
import { bunBinary } from "./binaries.ts";
import { coreTestsOn } from "./core-tests.ts";

await coreTestsOn({ name: "bun", command: bunBinary(), args: ["--bun"] });
