// The load: a program of its own, so that it has a core of its own. Does one job, given as JSON in its argument.
import { createInterface } from "node:readline";
import { clusterBroadcast, clusterLatency } from "./cluster.mjs";
import { connect, idle } from "./connect.mjs";
import { echo } from "./echo.mjs";
import { broadcast, room } from "./fan-out.mjs";
import { latency } from "./latency.mjs";
import { closeAll } from "./raw-socket.mjs";
import { stalled } from "./stalled.mjs";

const works = { echo, broadcast, room, connect, idle, latency, stalled, clusterBroadcast, clusterLatency };
const job = JSON.parse(process.argv[2]);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

const result = await works[job.work](job, async (step) => {
  say({ step });
  await lines.next();
});
say({ result });
closeAll();
// A turn of the event loop, in which the resets leave.
setImmediate(() => process.exit());

function say(answer) {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
