// The tests of the core, on Deno.
import { denoBinary } from "./binaries.ts";
import { coreTestsOn } from "./core-tests.ts";

await coreTestsOn({ name: "deno", command: denoBinary(), args: ["run", "--allow-all"] });
