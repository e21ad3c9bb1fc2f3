// Every attack over the connector of Deno, on Deno's own server and under Hono.
import { ROOT } from "../architecture/source-files.ts";
import { runtimeSubject } from "../attacks/subject.ts";
import { attackSuite } from "../attacks/suite.ts";
import { denoBinary } from "./binaries.ts";

const onDeno = (name: string, program: string) =>
  runtimeSubject(name, () => [denoBinary(), "run", "--allow-all", `${ROOT}test/${program}`]);

attackSuite([onDeno("deno", "attacks/programs/deno.ts"), onDeno("hono (deno)", "runtimes/attacked/hono-deno.ts")]);
