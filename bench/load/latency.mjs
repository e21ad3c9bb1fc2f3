// Broadcasts at a fixed rate that no server is saturated by: how long each takes to reach everyone.
import { dialects } from "./dialects.mjs";
import { textFrame } from "./frames.mjs";
import { payload } from "./payload.mjs";
import { openMany } from "./raw-socket.mjs";
import { passed, startWindow } from "./window.mjs";

/** @param job - `{ connections, perSecond, … }` @returns Milliseconds from the write to each read. */
export async function latency(job) {
  return timeBroadcasts(await openMany(job.connections, job), job);
}

/** Has the last of `sockets` speak to all, and says how long it took until the others of them had heard it. */
export async function timeBroadcasts(sockets, job) {
  const dialect = dialects[job.dialect];
  const sentAt = [];
  const took = [];
  let measuring = false;
  for (const socket of sockets) {
    let heard = 0;
    socket.expect(dialect.event("news", payload));
    socket.onExpected = (count) => {
      const now = performance.now();
      for (let one = 0; one < count; one++) {
        const millis = now - sentAt[heard++];
        if (measuring) took.push(millis);
      }
    };
  }
  const speaker = sockets[sockets.length - 1];
  const said = textFrame(dialect.event("broadcast", payload));
  const timer = setInterval(() => {
    sentAt.push(performance.now());
    speaker.write(said);
  }, 1_000 / job.perSecond);
  await passed(job.warmMs);
  measuring = true;
  const window = startWindow(job.serverPid);
  await passed(job.measureMs);
  const busy = window.end(0);
  clearInterval(timer);
  took.sort((a, b) => a - b);
  const at = (share) => took[Math.floor(took.length * share)];
  return { ...busy, p50: at(0.5), p99: at(0.99) };
}
