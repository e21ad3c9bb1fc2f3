// Servers that keep a connection and misuse it (threat P1): what the client holds and does for them is bounded.
import { describe, expect, it } from "vitest";
import { PING } from "../support/raw-peer.ts";
import { accepting, attacked, buffered, SECRET, text, unmasked } from "./attacked-client.ts";

const WELCOME = text({ eventName: "zap:welcome", payload: { id: "x", features: [] } });
const MIB = 1024 * 1024;

describe("a connection", () => {
  it("asks for one token at a time, however often the server wants one", async () => {
    let asking = 0;
    let most = 0;
    const token = async () => {
      most = Math.max(most, ++asking);
      await new Promise((resolve) => setTimeout(resolve, 50));
      asking--;
      return SECRET;
    };
    const wishes = Buffer.concat(Array.from({ length: 1_000 }, () => text({ eventName: "zap:auth", payload: null })));
    const { client } = await attacked(
      accepting(({ socket }) => socket.write(Buffer.concat([WELCOME, wishes, text({ eventName: "done" })]))),
      { token },
    );
    await new Promise((resolve) => client.onEvent("done", resolve));
    expect(most).toBe(1);
  });

  it.each([
    ["zap:ping", text({ eventName: "zap:ping", payload: null }), 200],
    ["pings of the WebSocket", unmasked("x".repeat(100), { opcode: PING }), 50],
    ["requests", text({ eventName: "big", payload: null, headers: { zap: { id: "1" } } }), 20],
  ])("does not pile up answers to %s that the server does not read", async (_what, question, thousands) => {
    const many = Buffer.concat(Array.from({ length: 1_000 }, () => question));
    let left = thousands;
    const { client } = await attacked(
      accepting(({ socket }) => {
        // It is deaf from here on.
        socket.pause();
        socket.write(WELCOME);
        const pour = () => {
          if (socket.destroyed || left-- === 0) return;
          if (socket.write(many)) setImmediate(pour);
          else socket.once("drain", pour);
        };
        pour();
      }),
    );
    client.onEvent("big", () => "x".repeat(1_000));
    // Cut, or all of it taken in.
    const isOver = () => left < 0 || client.getSnapshot().lastClose !== undefined;
    await expect.poll(isOver, { timeout: 15_000 }).toBe(true);
    expect(buffered()).toBeLessThan(2 * MIB);
  });

  it("is not talked into pinging more than ten times a second", async () => {
    let pings = 0;
    const began = performance.now();
    await attacked(
      accepting(({ socket }) => {
        socket.on("data", () => pings++);
        socket.write(text({ eventName: "zap:welcome", payload: { id: "x", heartbeatMs: 1e-9, features: [] } }));
        const answering = setInterval(() => socket.write(text({ eventName: "zap:pong", payload: null })), 20);
        socket.on("close", () => clearInterval(answering));
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(pings).toBeLessThan((performance.now() - began) / 100 + 5);
  });

  it("keeps little of what the server says of itself, and sends no more than it takes", async () => {
    const features = Array.from({ length: 2_000 }, (_, index) => `feature ${index}`);
    const limits = { envelopeBytes: 1 };
    const { client, errors } = await attacked(
      accepting(({ socket }) => {
        socket.write(text({ eventName: "zap:welcome", payload: { id: {}, heartbeatMs: "x", limits, features } }));
        socket.write(text({ eventName: "done" }));
      }),
    );
    await new Promise((resolve) => client.onEvent("done", resolve));
    expect(client.features.size).toBeLessThanOrEqual(32);
    await expect(client.send("x")).rejects.toMatchObject({ code: "envelope_too_large" });
    expect(errors).toHaveLength(1);
  });

  it("is not ended, opened or answered by events that are named as if", async () => {
    const seen: string[] = [];
    const { client } = await attacked(
      accepting(({ socket }) => {
        const names = ["connected", "disconnected", "error", "__proto__", "constructor", "then", "toString"];
        const forged = { eventName: "ask", payload: "forged", headers: { zap: { re: "1" } } };
        for (const eventName of names) socket.write(text({ eventName, payload: { code: 1000 } }));
        for (const re of ["0", "2", 1, null, {}, "__proto__"])
          socket.write(text({ ...forged, headers: { zap: { re } } }));
        socket.write(text({ ...forged, eventName: "other" }));
        socket.write(text({ ...forged, payload: "right" }));
        socket.write(text({ ...forged, payload: "twice" }));
        socket.write(text({ eventName: "done" }));
      }),
    );
    for (const name of ["connected", "disconnected", "error", "__proto__", "constructor", "then"] as const) {
      client.onEvent(name, () => seen.push(name));
    }
    const done = new Promise((resolve) => client.onEvent("done", resolve));
    const lost: unknown[] = [];
    client.onDisconnected((info) => lost.push(info));
    // Queued first, it is the first request and has the first id.
    expect(await client.request("ask")).toBe("right");
    await done;
    expect(seen).toEqual(["connected", "disconnected", "error", "__proto__", "constructor", "then"]);
    expect(lost).toEqual([]);
    expect(client.getSnapshot().status).toBe("open");
  });
});
