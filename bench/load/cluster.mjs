// One connection at the first of several nodes speaks to connections at all of them, or at the last.
import { dialects } from "./dialects.mjs";
import { repeater, textFrame } from "./frames.mjs";
import { payload } from "./payload.mjs";
import { openMany } from "./raw-socket.mjs";
import { measure, passed, startWindow } from "./window.mjs";

/** @param job - `{ connections, ports, inFlight, … }` @returns Deliveries per second of a broadcast to all. */
export async function clusterBroadcast(job) {
  const dialect = dialects[job.dialect];
  const nodes = await openOnAll(job);
  const frames = repeater(textFrame(dialect.event("broadcast", payload)));
  const speaker = nodes[0].at(-1);
  // Whoever came last to a node is served last there. What all of these have heard has gone to everyone.
  const heardByLast = nodes.map(() => 0);
  let [delivered, finished] = [0, 0];
  for (const [node, listeners] of nodes.entries()) {
    for (const listener of listeners) {
      listener.expect(dialect.event("news", payload));
      listener.onExpected = (count) => {
        delivered += count;
      };
    }
    listeners.at(-1).onExpected = (count) => {
      delivered += count;
      heardByLast[node] += count;
      const heardByAll = Math.min(...heardByLast);
      if (heardByAll > finished) speaker.write(frames(heardByAll - finished));
      finished = heardByAll;
    };
  }
  speaker.write(frames(job.inFlight));
  return measure(() => delivered, job);
}

/** @param job - `{ connections, ports, members, perSecond, … }` @returns Milliseconds from each write to each read. */
export async function clusterLatency(job) {
  const dialect = dialects[job.dialect];
  const nodes = await openOnAll(job);
  const [speaker] = nodes[0];
  const sentAt = [];
  const took = [];
  let measuring = false;
  for (const member of nodes.at(-1).slice(0, job.members)) {
    await joinLobby(member, dialect);
    let heard = 0;
    member.expect(dialect.event("said", payload));
    member.onExpected = (count) => {
      const now = performance.now();
      for (let one = 0; one < count; one++) {
        const millis = now - sentAt[heard++];
        if (measuring) took.push(millis);
      }
    };
  }
  const said = textFrame(dialect.event("say", payload));
  const begun = performance.now();
  const timer = setInterval(() => {
    // A timer cannot be relied on to fire each millisecond: what is due by now goes out now.
    const due = ((performance.now() - begun) / 1_000) * job.perSecond;
    while (sentAt.length < due) {
      sentAt.push(performance.now());
      speaker.write(said);
    }
  }, 1);
  await passed(job.warmMs);
  measuring = true;
  const window = startWindow(job.serverPid, job.beside);
  await passed(job.measureMs);
  const busy = window.end(0);
  clearInterval(timer);
  took.sort((a, b) => a - b);
  const at = (share) => took[Math.floor(took.length * share)];
  return { ...busy, p50: at(0.5), p99: at(0.99) };
}

/** An even share of the connections at each node. */
function openOnAll(job) {
  const share = Math.floor(job.connections / job.ports.length);
  return Promise.all(job.ports.map((port) => openMany(share, { ...job, port })));
}

async function joinLobby(member, dialect) {
  const joined = new Promise((resolve) => {
    member.onExpected = resolve;
  });
  member.expect(dialect.event("joined", null));
  member.write(textFrame(dialect.event("join", null)));
  await joined;
}
