// The attacks over Deno's own server, on Deno, but for those that Deno leaves nobody else a part in: it has no time limit
// for requests that do not arrive, answers pings without telling, and does not let a socket be paused or cut.
import { ROOT } from "../architecture/source-files.ts";
import { runtimeSubject } from "../attacks/subject.ts";
import { attackSuite } from "../attacks/suite.ts";
import { denoBinary } from "./binaries.ts";

const program = `${ROOT}test/attacks/programs/deno.ts`;

attackSuite(
  [runtimeSubject("deno", () => [denoBinary(), "run", "--allow-all", program])],
  ["frames", "envelopes", "ends", "handshakes", "requests", "rooms", "entrances"],
);
