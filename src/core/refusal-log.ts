// Counts and logs a connection that was closed for what its peer did. Closes none.
import type { Engine } from "./engine.ts";

/** Tells the operator, once for each such connection. */
export function logRefusal(engine: Engine, connection: string, code: number, reason: string): void {
  engine.counters.countRefused(code);
  try {
    engine.logger.warn({ connection, code, reason }, "closed a connection");
  } catch (error) {
    engine.onInternalError(error, "error");
  }
}
