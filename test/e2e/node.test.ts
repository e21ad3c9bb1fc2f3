// Node's server end to end, over real sockets: the opening, the life and the end of connections.
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import { attach, serve } from "../../src/connectors/node.ts";
import type { EventRegister } from "../../src/index.ts";
import { Gate } from "../support/gate.ts";
import { MemoryLog } from "../support/memory-log.ts";
import { cleanUp, httpServer, newRegister, opened, served, until } from "../support/node-server.ts";
import { closeFrame, envelopeFrame, RawPeer, frame as rawFrame } from "../support/raw-peer.ts";

/** What the lifecycle handlers of a register were told. */
function lifecycleOf(register: EventRegister): { ends: unknown[]; ended: () => Promise<unknown> } {
  const ends: unknown[] = [];
  let last = new Gate<unknown>();
  register.onEvent("disconnected", ({ payload }) => {
    ends.push(payload);
    last.open(payload);
    last = new Gate();
  });
  return { ends, ended: () => last.passed };
}

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

describe("the end", () => {
  it("by the peer reaches disconnected with its code and reason", async () => {
    const register = newRegister();
    const { ended } = lifecycleOf(register);
    const server = await served(register);
    const peer = await RawPeer.open(server.port);
    const end = ended();
    peer.write(closeFrame(4001, "bye"));
    expect(await peer.closed()).toEqual({ code: 4001, reason: "bye" });
    await peer.gone;
    expect(await end).toEqual({ code: 4001, reason: "bye" });
    expect(register.connections.size).toBe(0);
  });

  it("without a code reads as 1005", async () => {
    const register = newRegister();
    const { ended } = lifecycleOf(register);
    const server = await served(register);
    const peer = await RawPeer.open(server.port);
    const end = ended();
    peer.write(rawFrame("", { opcode: 8 }));
    expect(await peer.closed()).toEqual({ code: 1005, reason: "" });
    expect(await end).toEqual({ code: 1005, reason: "" });
  });

  it.each(["a reset", "an end without a Close"])("by %s reads as 1006", async (how) => {
    const register = newRegister();
    const { ended } = lifecycleOf(register);
    const server = await served(register);
    const peer = await RawPeer.open(server.port);
    const end = ended();
    if (how === "a reset") peer.reset();
    else peer.socket.end();
    expect(await end).toEqual({ code: 1006, reason: "" });
  });

  it("by the application reaches the peer with code and reason, after what was sent before", async () => {
    const register = newRegister();
    const { ended } = lifecycleOf(register);
    register.onEvent("bye", async ({ connection }) => {
      void connection.send("last", "words");
      await connection.close(4002, "é".repeat(100));
    });
    const server = await served(register);
    const socket = await opened(server.url);
    const end = ended();
    socket.send('{"eventName":"bye"}');
    const [data] = await once(socket, "message");
    expect(String(data)).toContain("last");
    const [code, reason] = await once(socket, "close");
    expect(code).toBe(4002);
    expect(String(reason)).toBe("é".repeat(61));
    expect(await end).toEqual({ code: 4002, reason: "é".repeat(61) });
  });

  it("comes after limits.closeMs for a peer that never answers the Close", async () => {
    const register = newRegister({ limits: { closeMs: 50 } });
    const { ended } = lifecycleOf(register);
    register.onEvent("bye", ({ connection }) => connection.close(4002));
    const server = await served(register);
    const peer = await RawPeer.open(server.port);
    const end = ended();
    peer.send("bye");
    expect(await peer.closed()).toEqual({ code: 4002, reason: "" });
    await peer.gone;
    expect(await end).toEqual({ code: 4002, reason: "" });
    expect(register.connections.size).toBe(0);
  });

  it("waits for a peer that answers late, where limits.closeMs is none", async () => {
    const register = newRegister({ limits: { closeMs: Number.POSITIVE_INFINITY } });
    const { ended } = lifecycleOf(register);
    register.onEvent("bye", ({ connection }) => connection.close(4002));
    const server = await served(register);
    const peer = await RawPeer.open(server.port);
    const end = ended();
    peer.send("bye");
    await peer.closed();
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(peer.socket.readyState).toBe("open");
    peer.write(closeFrame(4002));
    await end;
    await peer.gone;
  });

  it("leaves other connections alone", async () => {
    const register = newRegister();
    register.onEvent("echo", ({ connection, payload }) => connection.send("echo", payload));
    const { ended } = lifecycleOf(register);
    const server = await served(register);
    const [first, second] = [await RawPeer.open(server.port), await RawPeer.open(server.port)];
    const end = ended();
    first.reset();
    await end;
    second.send("echo", "still here");
    expect(await second.envelope()).toEqual({ eventName: "echo", payload: "still here" });
  });
});

describe("a peer that does not read", () => {
  it("is given up with 4413, and takes no more memory than the limit", async () => {
    const log = new MemoryLog();
    const register = newRegister({ logger: log, limits: { closeMs: 200 } });
    const { ended } = lifecycleOf(register);
    let most = 0;
    register.onEvent("flood", async ({ connection }) => {
      while (connection.status === "open") {
        await connection.send("flood", "x".repeat(50_000));
        most = Math.max(most, connection.bufferedBytes);
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    const server = await served(register);
    const peer = await RawPeer.open(server.port);
    peer.socket.pause();
    const end = ended();
    peer.send("flood");
    expect(await end).toEqual({ code: 4413, reason: "slow consumer" });
    expect(most).toBeGreaterThan(256 * 1024);
    expect(most).toBeLessThanOrEqual(1024 * 1024 + 100_000);
    expect(log.lines).toMatchObject([{ fields: { code: 4413 } }]);
    // Its Close stands behind what it has not read, so it is cut after limits.closeMs, or reads on and sees it.
    peer.socket.resume();
    await peer.gone;
  });

  it("does not slow the others down", async () => {
    const register = newRegister({ limits: { bufferedBytes: 100_000_000, bufferedBytesSoft: 50_000_000 } });
    register.onEvent("echo", ({ connection, payload }) => connection.send("echo", payload));
    register.onEvent("flood", async ({ connections }) => {
      for (let index = 0; index < 200; index++) await connections.broadcast("flood", "x".repeat(60_000));
    });
    const server = await served(register);
    const [deaf, good] = [await RawPeer.open(server.port), await RawPeer.open(server.port)];
    deaf.socket.pause();
    deaf.send("flood");
    for (let index = 0; index < 200; index++) expect(await good.envelope()).toMatchObject({ eventName: "flood" });
    good.send("echo", 1);
    expect(await good.envelope()).toEqual({ eventName: "echo", payload: 1 });
    deaf.reset();
  });
});

describe("a peer that sends faster than handlers work", () => {
  it("is not read any further; nothing is lost and the order is kept", async () => {
    const register = newRegister({ limits: { pendingEvents: 8, eventsPerSecond: 1e9, bytesPerSecond: 1e12 } });
    const gate = new Gate();
    const seen: unknown[] = [];
    const done = new Gate();
    const count = 2_000;
    register.onEvent("work", async ({ payload }) => {
      await gate.passed;
      seen.push((payload as { number: number }).number);
      if (seen.length === count) done.open();
    });
    const server = await served(register);
    const peer = await RawPeer.open(server.port);
    const filling = "x".repeat(10_000);
    for (let number = 0; number < count; number++) peer.send("work", { number, filling });
    // 20 MB do not fit into the buffers of the two sockets: what is left waits at the peer.
    await new Promise((resolve) => setImmediate(resolve));
    expect(peer.socket.writableLength).toBeGreaterThan(1_000_000);
    gate.open();
    await done.passed;
    expect(seen).toEqual(Array.from({ length: count }, (_, index) => index));
  });
});

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

describe("paths", () => {
  it("are told apart: two registers on one server never see each other's events", async () => {
    const [one, other] = [newRegister(), newRegister()];
    one.onEvent("who", ({ connection }) => connection.send("one"));
    other.onEvent("who", ({ connection }) => connection.send("other"));
    const { server, port } = await httpServer();
    attach(server, one, { path: "/one" });
    attach(server, other, { path: "/other" });
    const peers = [await RawPeer.open(port, { path: "/one" }), await RawPeer.open(port, { path: "/other?x=1" })];
    for (const peer of peers) peer.send("who");
    expect((await peers[0]?.envelope())?.eventName).toBe("one");
    expect((await peers[1]?.envelope())?.eventName).toBe("other");
    expect(one.connections.size).toBe(1);
    for (const peer of peers) peer.reset();
  });

  it("take one register each", async () => {
    const { server } = await httpServer();
    attach(server, newRegister());
    expect(() => attach(server, newRegister())).toThrow(expect.objectContaining({ code: "upgrade_in_use" }));
  });

  it.each(["", "ws", "/ws?x=1", "/ws#x"])("are no paths when they look like %j", async (path) => {
    const { server } = await httpServer();
    expect(() => attach(server, newRegister(), { path })).toThrow(
      expect.objectContaining({ code: "invalid_argument" }),
    );
    await expect(serve(newRegister(), { port: 0, path })).rejects.toMatchObject({ code: "invalid_argument" });
  });

  it("that nobody serves get a 404 where nobody else listens", async () => {
    const server = await served(newRegister());
    for (const path of ["/", "/wsx", "/ws/", "//ws", "/WS", "http://localhost/ws"]) {
      expect((await new RawPeer(server.port).upgrade({ path })).status).toBe(404);
    }
  });

  it("of others are left to them", async () => {
    const { server, port } = await httpServer();
    attach(server, newRegister());
    const foreign = new WebSocketServer({ noServer: true });
    server.on("upgrade", (request, socket, head) => {
      if (request.url !== "/foreign") return;
      foreign.handleUpgrade(request, socket, head, (accepted) => accepted.send("foreign"));
    });
    const peer = await RawPeer.open(port, { path: "/foreign" });
    expect(String((await peer.next())?.payload)).toBe("foreign");
    peer.reset();
    const ours = await RawPeer.open(port);
    ours.reset();
  });

  it("serve ordinary requests of the application as before", async () => {
    const { server, port } = await httpServer();
    attach(server, newRegister());
    const response = await fetch(`http://127.0.0.1:${port}/ws`);
    expect(await response.text()).toBe("the application");
  });

  it("are free again, and the server without our listener, when an attachment has closed", async () => {
    const { server, port } = await httpServer();
    const first = attach(server, newRegister());
    const second = attach(server, newRegister(), { path: "/second" });
    await first.close();
    expect(server.listenerCount("upgrade")).toBe(1);
    await second.close();
    expect(server.listenerCount("upgrade")).toBe(0);
    const register = newRegister();
    attach(server, register);
    const peer = await RawPeer.open(port);
    expect(register.connections.size).toBe(1);
    peer.reset();
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
