// Every attack over the connector of Deno, under Hono. Beside the run of Deno's own server, for both take their time.
import { ROOT } from "../architecture/source-files.ts";
import { runtimeSubject } from "../attacks/subject.ts";
import { attackSuite } from "../attacks/suite.ts";
import { denoBinary } from "./binaries.ts";

const program = `${ROOT}test/runtimes/attacked/hono-deno.ts`;

attackSuite([runtimeSubject("hono (deno)", () => [denoBinary(), "run", "--allow-all", program])]);
