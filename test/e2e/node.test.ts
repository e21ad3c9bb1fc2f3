// Node's server end to end, over real sockets: a first conversation, how it is written, and a server of our own.
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import type { WebSocket } from "ws";
import { attach, serve } from "../../src/connectors/node.ts";
import { Gate } from "../support/gate.ts";
import { cleanUp, httpServer, newRegister, opened, served, until } from "../support/node-server.ts";
import { closeFrame, envelopeFrame, RawPeer, frame as rawFrame } from "../support/raw-peer.ts";

describe("a first conversation", () => {
  it("answers hello at the address that server.url says", async () => {
    const register = newRegister();
    register.onEvent("hello", async ({ connection }) => {
      await connection.send("hello", "HELLO FROM SERVER !!!");
    });
    const server = await served(register);
    expect(server.url).toBe(`ws://localhost:${server.port}/ws`);
    const socket = await opened(server.url);
    socket.send('{"eventName":"hello","payload":null}');
    const [data] = await once(socket, "message");
    expect(String(data)).toBe('{"eventName":"hello","payload":"HELLO FROM SERVER !!!"}');
  });

  it("says in its url where it was told to listen", async () => {
    for (const [host, name] of [
      ["127.0.0.1", "127.0.0.1"],
      ["0.0.0.0", "localhost"],
      ["::1", "[::1]"],
    ] as const) {
      const server = await served(newRegister(), { host, path: "/events" });
      expect(server.url).toBe(`ws://${name}:${server.port}/events`);
      await opened(server.url);
    }
  });

  it("hands the handler of connected the request", async () => {
    const register = newRegister();
    const seen: unknown[] = [];
    register.onEvent("connected", ({ payload }) => {
      const { url, headers, address } = payload;
      seen.push(url, headers.get("X-Trace"), headers.get("x-none"), headers.get("__proto__"), address);
    });
    const server = await served(register, { host: "127.0.0.1" });
    await RawPeer.open(server.port, { path: "/ws?room=1", headers: ["X-Trace: t1"] });
    expect(seen).toEqual(["/ws?room=1", "t1", null, null, "127.0.0.1"]);
  });

  it("handles a frame that came together with the upgrade request, once, after connected", async () => {
    const register = newRegister();
    const seen: unknown[] = [];
    register.onEvent("connected", async () => {
      await new Promise((resolve) => setImmediate(resolve));
      seen.push("connected");
    });
    register.onEvent("hello", ({ payload }) => {
      seen.push(payload);
      return payload;
    });
    const server = await served(register);
    const head = Buffer.concat([envelopeFrame("hello", 1), envelopeFrame("hello", 2)]);
    const peer = await RawPeer.open(server.port, { head });
    const ask = { eventName: "hello", payload: 3, headers: { zap: { id: "1" } } };
    peer.write(envelopeFrame("hello", 3));
    peer.send("nobody");
    peer.write(Buffer.from([]));
    peer.write(envelopeFrameOf(ask));
    await peer.envelope();
    expect(seen).toEqual(["connected", 1, 2, 3, 3]);
  });

  it("keeps payloads equal on the way there and back", async () => {
    const register = newRegister();
    register.onEvent("echo", ({ connection, payload }) => connection.send("echo", payload));
    const server = await served(register);
    const peer = await RawPeer.open(server.port);
    const payloads = [false, 0, "", null, "ü\u{1F600}\u0000\u2028", { deep: [[[{}]]] }, 1e300, "x".repeat(60_000)];
    for (const payload of payloads) peer.send("echo", payload);
    for (const payload of payloads) expect(await peer.envelope()).toEqual({ eventName: "echo", payload });
  });

  it("sends whole, unmasked text frames", async () => {
    const register = newRegister();
    register.onEvent("connected", async ({ connection, connections }) => {
      for (const length of [10, 125, 126, 60_000]) await connection.send("own", "é".repeat(length / 2));
      await connections.broadcast("all", "é".repeat(30_000));
    });
    const server = await served(register);
    const peer = await RawPeer.open(server.port);
    for (let index = 0; index < 5; index++) {
      const frame = await peer.next();
      expect(frame).toMatchObject({ fin: true, opcode: 1, masked: false });
      expect(JSON.parse(String(frame?.payload))).toMatchObject({ payload: expect.stringMatching(/^é+$/) });
    }
  });
});

function envelopeFrameOf(envelope: { eventName: string; payload: unknown; headers?: unknown }): Buffer {
  return rawFrame(JSON.stringify(envelope));
}

describe("one write for a tick", () => {
  it("carries all answers to frames that came together", async () => {
    const register = newRegister();
    register.onEvent("echo", ({ connection, payload }) => connection.send("echo", payload));
    const { server, port } = await httpServer();
    const writes: number[] = [];
    server.prependListener("upgrade", (_request, socket) => {
      const write = socket.write.bind(socket);
      Object.assign(socket, {
        write: (bytes: Uint8Array, ...rest: []) => {
          writes.push(bytes.length);
          return write(bytes, ...rest);
        },
      });
    });
    const attachment = attach(server, register);
    cleanUp.push(() => attachment.close());
    const peer = await RawPeer.open(port);
    writes.length = 0;
    peer.write(Buffer.concat(Array.from({ length: 16 }, (_, index) => envelopeFrame("echo", index))));
    for (let index = 0; index < 16; index++) expect((await peer.envelope()).payload).toBe(index);
    expect(writes).toHaveLength(1);
  });
});

describe("a server of our own", () => {
  it("tells what it is for to who asks without an upgrade", async () => {
    const server = await served(newRegister());
    const response = await fetch(`http://127.0.0.1:${server.port}/`);
    expect(response.status).toBe(426);
    expect(response.headers.get("upgrade")).toBe("websocket");
    expect(await response.text()).toContain("/ws");
  });

  it("rejects with the system's error when its port is taken", async () => {
    const server = await served(newRegister());
    await expect(serve(newRegister(), { port: server.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  it("closes its connections with 1012, lets handlers finish, and may be closed again", async () => {
    const register = newRegister();
    const gate = new Gate();
    const log: string[] = [];
    register.onEvent("work", async ({ connection }) => {
      await gate.passed;
      log.push("handler finished");
      await connection.send("done");
    });
    register.onEvent("disconnected", ({ payload }) => log.push(`disconnected ${payload.code}`));
    const server = await served(register);
    const socket = await opened(server.url);
    const heard: string[] = [];
    socket.on("message", (data) => heard.push(String(data)));
    socket.send('{"eventName":"work"}');
    await until(() => register.stats().events === 1);
    const closed = server.close();
    expect(server.close()).toBe(closed);
    gate.open();
    const [code] = await once(socket, "close");
    await closed;
    expect(code).toBe(1012);
    expect(heard).toEqual(['{"eventName":"done","payload":null}']);
    expect(log).toEqual(["handler finished", "disconnected 1012"]);
    await expect(fetch(`http://127.0.0.1:${server.port}/`)).rejects.toThrow();
    await server.close();
  });

  it("refuses with 503 who comes while it closes, on a connection that was there before", async () => {
    const register = newRegister();
    const gate = new Gate();
    register.onEvent("work", () => gate.passed);
    const { server, port } = await httpServer();
    const attachment = attach(server, register);
    const busy = await RawPeer.open(port);
    busy.send("work");
    await until(() => register.stats().events === 1);
    const closed = attachment.close();
    expect((await new RawPeer(port).upgrade()).status).toBe(503);
    gate.open();
    expect((await busy.closed()).code).toBe(1012);
    busy.write(closeFrame(1012));
    await closed;
  });

  it("spreads the closing over the window it is given", async () => {
    const register = newRegister();
    const server = await served(register);
    const sockets: WebSocket[] = [];
    for (let index = 0; index < 4; index++) sockets.push(await opened(server.url));
    const order: number[] = [];
    for (const [index, socket] of sockets.entries()) socket.on("close", () => order.push(index));
    const start = performance.now();
    await server.close({ drain: 600 });
    // The last of four goes after three quarters of the window.
    expect(performance.now() - start).toBeGreaterThanOrEqual(445);
    await until(() => order.length === 4);
    expect(order).toEqual([0, 1, 2, 3]);
  });
});
