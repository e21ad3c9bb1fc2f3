// What runs around the chat's handlers: a line of log for each event, and a door for those who are in no room.
// Knows no event but by name.
import { type Middleware, ZapError } from "zaptools";

/**
 * Times what it runs around.
 *
 * @param log - Takes one line for each event that was handled.
 */
export function timed<C, S>(log: (line: string) => void): Middleware<C, S> {
  return async ({ eventName, connection }, next) => {
    const start = performance.now();
    await next();
    log(`${eventName} of ${connection.id} took ${(performance.now() - start).toFixed(2)} ms`);
  };
}

/** Refuses whoever is in no room. */
export function membersOnly<C, S>(): Middleware<C, S> {
  return ({ connection }, next) => {
    if (connection.rooms.length === 0) throw new ZapError("not_joined", "Join a room first.");
    return next();
  };
}
