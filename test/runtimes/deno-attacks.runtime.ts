// The suite of attacks over Deno's own server, on Deno.
import { ROOT } from "../architecture/source-files.ts";
import { runtimeSubject } from "../attacks/subject.ts";
import { attackSuite } from "../attacks/suite.ts";
import { denoBinary } from "./binaries.ts";

const program = `${ROOT}test/attacks/programs/deno.ts`;

attackSuite([runtimeSubject("deno", () => [denoBinary(), "run", "--allow-all", program])]);
