// One connection speaks to many, itself among them, with a number of events in flight.
import { dialects } from "./dialects.mjs";
import { repeater, textFrame } from "./frames.mjs";
import { payload } from "./payload.mjs";
import { openMany } from "./raw-socket.mjs";
import { measure } from "./window.mjs";

/** @param job - `{ connections, inFlight, … }` @returns Deliveries per second of a broadcast to all. */
export async function broadcast(job) {
  const dialect = dialects[job.dialect];
  const sockets = await openMany(job.connections, job);
  return speak(sockets, dialect.event("broadcast", payload), dialect.event("news", payload), job);
}

/** @param job - `{ connections, members, inFlight, … }` @returns Deliveries per second to a room among many. */
export async function room(job) {
  const dialect = dialects[job.dialect];
  const sockets = await openMany(job.connections, job);
  // Members came early and late, as in life.
  const every = Math.floor(sockets.length / job.members);
  const members = sockets.filter((_, index) => index % every === 0).slice(0, job.members);
  const join = textFrame(dialect.event("join", null));
  for (const member of members) {
    const joined = new Promise((resolve) => {
      member.onExpected = resolve;
    });
    member.expect(dialect.event("joined", null));
    member.write(join);
    await joined;
  }
  return speak(members, dialect.event("say", payload), dialect.event("said", payload), job);
}

function speak(listeners, said, heard, job) {
  const frames = repeater(textFrame(said));
  let delivered = 0;
  for (const listener of listeners) {
    listener.expect(heard);
    listener.onExpected = (count) => {
      delivered += count;
    };
  }
  // Whoever came last is served last, so what it has heard has gone to all.
  const speaker = listeners[listeners.length - 1];
  speaker.onExpected = (count) => {
    delivered += count;
    speaker.write(frames(count));
  };
  speaker.write(frames(job.inFlight));
  return measure(() => delivered, job);
}
