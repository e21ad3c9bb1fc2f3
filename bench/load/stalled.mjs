// Broadcasts to many of whom some do not read: how long each takes to reach the others, and what it costs the server.
import { readFileSync } from "node:fs";
import { dialects } from "./dialects.mjs";
import { textFrame } from "./frames.mjs";
import { timeBroadcasts } from "./latency.mjs";
import { openMany } from "./raw-socket.mjs";
import { passed } from "./window.mjs";

// What those who do not read have asked for before: a system keeps some 4 MB for each of them, the server half a megabyte.
const ASKED = "x".repeat(60_000);
const ASKED_BEFORE = 76;
const PAUSE_MS = 25;
const SETTLE_MS = 6_000;
// Then one after the other goes on asking, until the server gives it up for what it does not read.
const ASKED_MORE = 12;
const NEXT_MS = 100;
const WATCH_EVERY_MS = 100;
// Long enough for those who do not read to be given up.
const SHORTEST_MS = 4_000;
const MEGABYTE = 1024 * 1024;

/** @param job - `{ connections, stalled, perSecond, … }` @returns Milliseconds, and by how many megabytes the server grew. */
export async function stalled(job) {
  const sockets = await openMany(job.connections, job);
  const before = residentMegabytes(job.serverPid);
  // Those who came first: the one that speaks is among the others, and so is who is served last.
  const asleep = sockets.splice(0, job.stalled);
  const ask = textFrame(dialects[job.dialect].event("echo", ASKED));
  for (const socket of asleep) socket.stall();
  const sleepers = asleep.values();
  for (let time = 0; asleep.length > 0 && time < ASKED_BEFORE; time++) {
    for (const socket of asleep) socket.write(ask);
    await passed(PAUSE_MS);
  }
  // The server has more to do with these than with the rest of the bench; it is not what is measured.
  await passed(SETTLE_MS);
  let most = before;
  const watching = setInterval(() => {
    most = Math.max(most, residentMegabytes(job.serverPid));
  }, WATCH_EVERY_MS);
  const asking = setInterval(() => {
    const socket = sleepers.next().value;
    for (let time = 0; socket !== undefined && time < ASKED_MORE; time++) socket.write(ask);
  }, NEXT_MS);
  const measureMs = Math.max(job.measureMs, SHORTEST_MS);
  const times = await timeBroadcasts(sockets, { ...job, measureMs });
  clearInterval(watching);
  clearInterval(asking);
  return { ...times, grownMegabytes: Math.max(1, most - before) };
}

function residentMegabytes(pid) {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"));
  return Number(kilobytes) / (MEGABYTE / 1024);
}
