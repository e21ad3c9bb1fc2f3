// Every attack over the connectors of Bun: on its own server, under Hono and under Elysia.
import { ROOT } from "../architecture/source-files.ts";
import { runtimeSubject } from "../attacks/subject.ts";
import { attackSuite } from "../attacks/suite.ts";
import { bunBinary } from "./binaries.ts";

const onBun = (name: string, program: string) => runtimeSubject(name, () => [bunBinary(), `${ROOT}test/${program}`]);

attackSuite([
  onBun("bun", "attacks/programs/bun.ts"),
  onBun("hono (bun)", "runtimes/attacked/hono-bun.ts"),
  onBun("elysia", "runtimes/attacked/elysia.ts"),
]);
