// The application that every server under attack serves. Knows no framework, no runtime and no attack.
import { EventRegister, ZapError } from "../../src/index.ts";
import { optionsOf, SECRET, type Variant } from "./doorkeeper.ts";
import { codeOf, misbehave, unencodable } from "./misbehaviour.ts";
import { type Report, resourcesNow } from "./report.ts";

// Enough for the attacks of one run, and no leak of the application's own.
const REMEMBERED_ENDINGS = 4_096;

/** Something with listeners, such as the HTTP server. */
export interface Emitter {
  eventNames(): (string | symbol)[];
  listenerCount(name: string | symbol): number;
}

/** A register with handlers for whatever the attacks need: without a single option, unless the suite says otherwise. */
export function createApplication(emitters: readonly Emitter[] = []) {
  const options = optionsOf((process.env.ATTACKED_AS ?? "plain") as Variant);
  const register = options === undefined ? new EventRegister() : new EventRegister(undefined, options);
  const endings = new Map<string, { readonly code: number; readonly reason: string }>();
  const ready = new Set<string>();
  const lifecycle = { connected: 0, disconnected: 0 };
  const errors: string[] = [];
  let smuggled = 0;

  register.onEvent("connected", async ({ connection }) => {
    lifecycle.connected++;
    // A slow start, so that a frame that came with the upgrade has to wait.
    await new Promise((resolve) => setTimeout(resolve, 5));
    ready.add(connection.id);
  });
  register.onEvent("disconnected", ({ connection, payload: { code, reason } }) => {
    lifecycle.disconnected++;
    ready.delete(connection.id);
    if (endings.size < REMEMBERED_ENDINGS) endings.set(connection.id, { code, reason });
    if (reason === "throw at the end") throw new Error(SECRET);
  });
  register.onEvent("error", ({ payload }) => {
    errors.push(`${payload.eventName}: ${codeOf(payload.error)}`);
    // What nobody takes is logged.
    if (payload.eventName === "logged") throw payload.error;
  });

  register.onEvent("echo", ({ connection, payload, headers }) => connection.send("echo", payload, { ...headers }));
  register.onEvent("smuggled", () => void smuggled++);
  register.onEvent("whoami", ({ connection }) => ({
    id: connection.id,
    ready: ready.has(connection.id),
    principal: connection.principal?.id ?? null,
  }));
  register.onEvent("admin:revoke", ({ payload }) => register.connections.revoke(String(payload)));
  register.onEvent("ending", ({ payload }) => endings.get(String(payload)) ?? null);
  register.onEvent("slow", async ({ connection, payload }) => {
    const { index, ms } = payload as { index: number; ms: number };
    await new Promise((resolve) => setTimeout(resolve, ms));
    await connection.send("slow", index);
  });
  // Names that mean something to JavaScript.
  for (const name of ["__proto__", "constructor", "toString", "then", "toJSON", "hasOwnProperty"]) {
    register.onEvent(name, ({ payload, headers }) => ({
      payload,
      headers: { ...headers },
      keys: Object.keys(headers),
    }));
  }

  register.use("next:twice", async (_context, next) => {
    await next();
    await next();
  });
  register.use("next:never", () => {});
  for (const name of ["next:twice", "next:never", "refused"]) register.onEvent(name, () => "done");
  register.use("refused", () => {
    throw new ZapError("not_today", "Come back tomorrow.");
  });
  register.onEvent("misbehave", ({ payload }) => misbehave(String(payload), SECRET), { handlerMs: 100 });
  register.onEvent("logged", ({ payload }) => {
    throw new Error(String(payload));
  });
  register.onEvent("unencodable", async ({ connection, connections, payload }) => {
    const value = unencodable(String(payload));
    await connection.join("everyone");
    const attempts = [connection.send("lost", value), connections.room("everyone").send("lost", value)];
    return Promise.all(attempts.map((attempt) => attempt.then(String, codeOf)));
  });
  register.onEvent("close", ({ connection, payload }) => {
    const { code, reason } = payload as { code: number; reason: string };
    return connection.close(code, reason).then(() => "closed", codeOf);
  });

  register.onEvent("join", async ({ connection, payload }) => {
    await connection.join(String(payload));
    return connection.rooms.length;
  });
  register.onEvent("leave", ({ connection, payload }) => {
    connection.leave(String(payload));
    return connection.rooms.length;
  });
  register.onEvent("say", async ({ connections, payload }) => {
    const { room, count, size } = payload as { room: string; count: number; size: number };
    const text = "x".repeat(size);
    for (let index = 0; index < count; index++) {
      connections.room(room).send("said", { index, text });
      // Every now and then others have their turn: timers of 0 ms would follow each other without one.
      if (index % 10 === 9) await new Promise((resolve) => setImmediate(resolve));
    }
    return connections.room(room).size;
  });
  // Asks the peer `count` times at once, and says what became of it.
  register.onEvent("ask", async ({ connection, payload }) => {
    const { count, timeout } = payload as { count: number; timeout: number };
    const asked = Array.from({ length: count }, () => connection.request("question", null, { timeout }));
    const outcomes: Record<string, number> = {};
    for (const outcome of await Promise.all(asked.map((one) => one.then(String, codeOf)))) {
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    return outcomes;
  });

  // Where the runtime was started with a collector that can be called.
  register.onEvent("collect", () => {
    (globalThis as { readonly gc?: () => void }).gc?.();
    return process.memoryUsage().rss;
  });
  register.onEvent("report", (): Report => {
    const { connections, pending, refused, rejected, events } = register.stats();
    return {
      connections,
      pending,
      rooms: register.connections.rooms().length,
      lifecycle: { ...lifecycle },
      ready: ready.size,
      smuggled,
      events,
      refused: Object.fromEntries(refused),
      rejected: Object.fromEntries(rejected),
      errors: errors.splice(0),
      ...resourcesNow(emitters),
    };
  });
  return register;
}
