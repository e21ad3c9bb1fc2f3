// The application that every connector serves in the contract suite. Knows no framework and no runtime.
import { EventRegister } from "../../src/index.ts";
import { createGuardedApp } from "./guarded-app.ts";

/** What a connection's life looked like from inside. */
export interface Life {
  readonly id: string;
  connected: number;
  readonly closes: { readonly code: number; readonly reason: string }[];
}

/** What the `report` request is answered with. */
export interface Report {
  readonly connections: number;
  readonly lives: readonly Life[];
  readonly errors: readonly string[];
  readonly rss: number;
}

interface Names {
  readonly room: string;
  readonly exclude?: string;
}

/** The registers that every contract server has, by path. */
export function createContractApps() {
  const apps = { "/ws": createContractApp(), "/other": createContractApp(), "/guarded": createGuardedApp() };
  return {
    ...apps,
    entries: Object.entries(apps),
    /** What `POST /drain` does where the connector has no other way. */
    async close(): Promise<void> {
      await Promise.all(Object.values(apps).map((register) => register.close()));
    },
  };
}

/** A register with everything the suite asks for. */
export function createContractApp() {
  const lives = new Map<string, Life>();
  const errors: string[] = [];
  const quiet = { warn() {}, error() {} };
  const register = new EventRegister(undefined, { logger: quiet });

  register.onEvent("connected", async ({ connection }) => {
    // A slow start, so that a frame sent with the upgrade has to wait.
    await new Promise((resolve) => setTimeout(resolve, 5));
    lives.set(connection.id, { id: connection.id, connected: 1, closes: [] });
  });
  register.onEvent("disconnected", ({ connection, payload }) => {
    lives.get(connection.id)?.closes.push({ code: payload.code, reason: payload.reason });
  });
  register.onEvent("error", ({ payload }) => {
    errors.push(`${payload.eventName}: ${payload.error instanceof Error ? payload.error.message : payload.error}`);
  });
  register.onEvent("hello", ({ connection }) => connection.send("hello", "HELLO FROM SERVER !!!"));
  register.onEvent("echo", ({ connection, payload, headers }) => connection.send("echo", payload, { ...headers }));
  register.onEvent("whoami", ({ connection }) => ({ id: connection.id, ready: lives.has(connection.id) }));
  register.onEvent("slow", async ({ connection, payload }) => {
    await new Promise((resolve) => setTimeout(resolve, Number(payload)));
    await connection.send("slow", payload);
  });
  register.onEvent("reject", async () => {
    throw new Error("on purpose");
  });
  register.onEvent("close", ({ connection, payload }) => {
    const { code, reason } = payload as { code: number; reason: string };
    connection.close(code, reason);
  });
  register.onEvent("join", async ({ connection, payload }) => {
    await connection.join((payload as Names).room);
    return connection.rooms;
  });
  register.onEvent("leave", ({ connection, payload }) => {
    connection.leave((payload as Names).room);
    return connection.rooms;
  });
  register.onEvent("say", ({ connections, payload }) => {
    const { room, exclude } = payload as Names;
    return connections.room(room).send("said", room, exclude === undefined ? {} : { exclude });
  });
  register.onEvent("sequence", ({ connection, connections, payload }) => {
    connection.send("one");
    connections.room((payload as Names).room).send("two");
    connection.send("three");
  });
  // Sends at its own pace: waits whenever the peer is slow.
  register.onEvent("flood:patient", async ({ connection, payload }) => {
    const { frames, size } = payload as { frames: number; size: number };
    const text = "x".repeat(size);
    for (let index = 0; index < frames; index++) {
      if ((await connection.send("flood", { index, text })) === "queued") await connection.drained();
    }
    await connection.send("flood:done");
  });
  // Sends without looking.
  register.onEvent("flood:reckless", ({ connection, payload }) => {
    const { frames, size } = payload as { frames: number; size: number };
    const text = "x".repeat(size);
    const outcomes = { sent: 0, queued: 0, dropped: 0 };
    const pour = async () => {
      for (let index = 0; index < frames; index++) {
        outcomes[await connection.send("flood", { index, text })]++;
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    };
    pour();
  });
  register.onEvent("report", (): Report => {
    // A runtime that is not like Node in this is looked at from outside.
    const rss = process.memoryUsage?.().rss ?? 0;
    return { connections: register.connections.size, lives: [...lives.values()], errors, rss };
  });
  return register;
}
