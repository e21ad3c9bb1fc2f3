// Every attack over the connector of Bun. Deno, which leaves less to the connector, has a run of its own.
import { fileURLToPath } from "node:url";
import { runtimeSubject } from "../attacks/subject.ts";
import { attackSuite } from "../attacks/suite.ts";
import { bunBinary } from "./binaries.ts";

const program = fileURLToPath(new URL("../attacks/programs/bun.ts", import.meta.url));

attackSuite([runtimeSubject("bun", () => [bunBinary(), program])]);
