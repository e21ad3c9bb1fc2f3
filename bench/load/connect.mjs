// Opens connections as fast as the server takes them, and idle ones.
import { openMany } from "./raw-socket.mjs";
import { startWindow } from "./window.mjs";

const WARM_UP = 500;

/** @param job - `{ connections, … }` @returns Connections per second. */
export async function connect(job) {
  // Both ends have compiled their code by then.
  await openMany(WARM_UP, job);
  const window = startWindow(job.serverPid);
  await openMany(job.connections, job);
  return window.end(job.connections);
}

/**
 * Opens and closes some connections, so that what is loaded once has been, then opens those that stay.
 *
 * @param job - `{ connections, … }`
 * @param pause - Tells the bench how far this is, and waits for its word to go on.
 */
export async function idle(job, pause) {
  for (const socket of await openMany(WARM_UP, job)) socket.close();
  await pause("warm");
  await openMany(job.connections, job);
  await pause("open");
  return {};
}
