// Sockets of `ws` that somebody else accepted, plugged into a register.
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { NodeConnector } from "../../src/connectors/node.ts";
import { Gate } from "../support/gate.ts";
import { cleanUp, httpServer, newRegister, opened, until } from "../support/node-server.ts";
import { frame, RawPeer } from "../support/raw-peer.ts";

describe("plugging a socket that somebody else accepted", () => {
  async function accepting(plug: (socket: WebSocket, request: Parameters<typeof NodeConnector.plug>[2]) => void) {
    const { server, port } = await httpServer();
    const sockets = new WebSocketServer({ server, path: "/ws" });
    sockets.on("connection", (socket, request) => plug(socket, request));
    cleanUp.push(() => {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    });
    return { port, url: `ws://127.0.0.1:${port}/ws` };
  }

  it("loses nothing that comes between plug and startEventStream()", async () => {
    const register = newRegister();
    register.onEvent("echo", ({ connection, payload }) => connection.send("echo", payload));
    const { url } = await accepting(async (socket, request) => {
      const processor = NodeConnector.plug(register, socket, request);
      await new Promise((resolve) => socket.once("message", resolve));
      await processor.startEventStream();
    });
    const socket = await opened(url);
    socket.send('{"eventName":"echo","payload":"first"}');
    const [data] = await once(socket, "message");
    expect(String(data)).toBe('{"eventName":"echo","payload":"first"}');
  });

  it("resolves startEventStream() when the connection has ended", async () => {
    const register = newRegister();
    const log: string[] = [];
    const ended = new Gate();
    register.onEvent("disconnected", () => log.push("disconnected"));
    const { url } = await accepting(async (socket, request) => {
      await NodeConnector.plug(register, socket, request).startEventStream();
      log.push("stream ended");
      ended.open();
    });
    const socket = await opened(url);
    socket.close();
    await ended.passed;
    expect(log).toEqual(["disconnected", "stream ended"]);
  });

  it("is refused a second time, and the first plug goes on", async () => {
    const register = newRegister();
    const errors: unknown[] = [];
    register.onEvent("echo", ({ connection, payload }) => connection.send("echo", payload));
    const { url } = await accepting((socket, request) => {
      void NodeConnector.plug(register, socket, request).startEventStream();
      for (const again of [register, newRegister()]) {
        try {
          NodeConnector.plug(again, socket, request);
        } catch (error) {
          errors.push(error);
        }
      }
    });
    const socket = await opened(url);
    socket.send('{"eventName":"echo","payload":1}');
    await once(socket, "message");
    expect(errors).toMatchObject([{ code: "already_plugged" }, { code: "already_plugged" }]);
    expect(register.connections.size).toBe(1);
  });

  it("refuses an id that is in use with 4409, and bad frames afterwards do no harm", async () => {
    const register = newRegister();
    const errors: unknown[] = [];
    const { port } = await accepting((socket, request) => {
      try {
        void NodeConnector.plug(register, socket, request, { id: "mine" }).startEventStream();
      } catch (error) {
        errors.push(error);
      }
    });
    const first = await RawPeer.open(port);
    const second = await RawPeer.open(port);
    second.write(frame("unmasked", { masked: false }));
    expect(await second.closed()).toMatchObject({ code: 4409 });
    await second.gone;
    expect(errors).toMatchObject([{ code: "duplicate_id" }]);
    expect(register.connections.get("mine")?.status).toBe("open");
    first.reset();
  });

  it("ends at once for a socket that is closed already", async () => {
    const register = newRegister();
    const lifecycle: string[] = [];
    for (const name of ["connected", "disconnected"] as const) register.onEvent(name, () => lifecycle.push(name));
    const streamEnded = new Gate();
    const { url } = await accepting(async (socket, request) => {
      socket.terminate();
      await once(socket, "close");
      await NodeConnector.plug(register, socket, request).startEventStream();
      streamEnded.open();
    });
    const socket = new WebSocket(url);
    socket.on("error", () => {});
    await streamEnded.passed;
    expect(lifecycle).toEqual([]);
    expect(register.connections.size).toBe(0);
  });

  it("writes nothing past a WebSocket that does not sit on the socket of the request", async () => {
    const register = newRegister();
    register.onEvent("echo", ({ connection, payload }) => connection.send("echo", payload));
    // As with test servers and proxies, whose requests have a socket of their own.
    const stranger = new PassThrough();
    const { url } = await accepting((socket, { url, headers }) => {
      void NodeConnector.plug(register, socket, { url, headers, socket: stranger }).startEventStream();
    });
    const socket = await opened(url);
    socket.send('{"eventName":"echo","payload":7}');
    const [data] = await once(socket, "message");
    expect(String(data)).toContain("7");
    expect(stranger.readableLength).toBe(0);
  });

  it("works with compression, which is left to ws", async () => {
    const register = newRegister();
    register.onEvent("echo", ({ connection, payload }) => connection.send("echo", payload));
    const { server, port } = await httpServer();
    const sockets = new WebSocketServer({ server, perMessageDeflate: { threshold: 0 } });
    sockets.on("connection", (socket, request) => {
      void NodeConnector.plug(register, socket, request).startEventStream();
    });
    const socket = await opened(`ws://127.0.0.1:${port}/`);
    expect(socket.extensions).toContain("permessage-deflate");
    const heard: unknown[] = [];
    socket.on("message", (data) => heard.push(JSON.parse(String(data)).payload));
    for (let index = 0; index < 3; index++) socket.send(`{"eventName":"echo","payload":${index}}`);
    await until(() => heard.length === 3);
    expect(heard).toEqual([0, 1, 2]);
    for (const client of sockets.clients) client.terminate();
  });
});
