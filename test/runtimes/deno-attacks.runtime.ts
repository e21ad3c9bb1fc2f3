// Every attack over the connector of Deno, on Deno's own server. A peer that was cut leaves a timer of Deno's behind, for
// which a server that is stopped waits up to half of `heartbeatMs`.
import { ROOT } from "../architecture/source-files.ts";
import { runtimeSubject } from "../attacks/subject.ts";
import { attackSuite } from "../attacks/suite.ts";
import { denoBinary } from "./binaries.ts";

const program = `${ROOT}test/attacks/programs/deno.ts`;

attackSuite([runtimeSubject("deno", () => [denoBinary(), "run", "--allow-all", program])]);
