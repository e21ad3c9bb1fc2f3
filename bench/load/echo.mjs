// Every connection keeps a number of events in flight; each answer lets the next one go.
import { dialects } from "./dialects.mjs";
import { repeater, textFrame } from "./frames.mjs";
import { payload } from "./payload.mjs";
import { openMany } from "./raw-socket.mjs";
import { measure } from "./window.mjs";

/** @param job - `{ connections, inFlight, kind: "event" | "request", … }` @returns Answers per second. */
export async function echo(job) {
  const dialect = dialects[job.dialect];
  const asked = job.kind === "request" ? dialect.request("ask", payload) : dialect.event("echo", payload);
  const answer = job.kind === "request" ? dialect.reply("ask", payload) : dialect.event("echo", payload);
  const frames = repeater(textFrame(asked));
  let answered = 0;
  for (const socket of await openMany(job.connections, job)) {
    socket.onExpected = (count) => {
      answered += count;
      socket.write(frames(count));
    };
    socket.expect(answer);
    socket.write(frames(job.inFlight));
  }
  return measure(() => answered, job);
}
