// Every attack over the connectors of other runtimes. A new one is a program and a line here.
import { fileURLToPath } from "node:url";
import { runtimeSubject } from "../attacks/subject.ts";
import { attackSuite } from "../attacks/suite.ts";
import { bunBinary } from "./binaries.ts";

const program = (name: string) => fileURLToPath(new URL(`../attacks/programs/${name}`, import.meta.url));

attackSuite([runtimeSubject("bun", () => [bunBinary(), program("bun.ts")])]);
