import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import { Gate } from "../../../test/support/gate.ts";
import { RawPeer } from "../../../test/support/raw-peer.ts";
import type { SharedText } from "../../core/transport.ts";
import { WsTransport } from "./ws-transport.ts";

const http = createServer();
const sockets = new WebSocketServer({ noServer: true });
let port: number;
let accepted: Gate<{ socket: WebSocket; raw: Socket }>;

beforeEach(async () => {
  accepted = new Gate();
  http.removeAllListeners("upgrade");
  http.on("upgrade", (request, raw, head) => {
    sockets.handleUpgrade(request, raw, head, (socket) => {
      socket.on("error", () => {});
      accepted.open({ socket, raw: raw as Socket });
    });
  });
  if (!http.listening) await once(http.listen(0), "listening");
  port = (http.address() as AddressInfo).port;
});

afterEach(async () => {
  (await accepted.passed).socket.terminate();
  http.close();
});

/** A transport and its peer; `"joined"` writes to the network socket, `"plain"` through `ws`. */
async function setUp(way: "joined" | "plain") {
  const peer = await RawPeer.open(port);
  const { socket, raw } = await accepted.passed;
  return { peer, socket, raw, transport: new WsTransport(socket, way === "joined" ? raw : undefined) };
}

describe.each(["joined", "plain"] as const)("a transport that is %s", (way) => {
  it("sends texts as whole frames, in order, alone and together", async () => {
    const { peer, transport } = await setUp(way);
    const shared: SharedText = { text: "for all é", frame: undefined };
    const texts = ["", "one", "x".repeat(125), "x".repeat(126), "x".repeat(65_536), "\u{1F600}"];
    for (const text of texts) expect(transport.send(text)).toBe("sent");
    transport.sendAll([...texts, shared]);
    transport.send(shared);
    for (const text of [...texts, ...texts, "for all é", "for all é"]) {
      const frame = await peer.next();
      expect(frame).toMatchObject({ fin: true, opcode: 1, masked: false });
      expect(String(frame?.payload)).toBe(text);
    }
  });

  it("says queued, and how much, when the peer does not read", async () => {
    const { peer, transport } = await setUp(way);
    peer.socket.pause();
    const text = "x".repeat(1_000_000);
    while (transport.send(text) === "sent");
    expect(transport.bufferedAmount()).toBeGreaterThan(0);
  });

  it("takes nothing for a socket that is closing or closed, and does not throw", async () => {
    const { peer, socket, transport } = await setUp(way);
    transport.close(4000, "bye");
    expect(await peer.closed()).toEqual({ code: 4000, reason: "bye" });
    const closed = once(socket, "close");
    for (let round = 0; round < 2; round++) {
      expect(transport.send("late")).toBe("dropped");
      expect(transport.sendAll(["late", "later"])).toBe("dropped");
      transport.ping();
      transport.pause();
      transport.resume();
      transport.close(4001, "again");
      transport.terminate();
      await closed;
    }
    expect(await peer.next()).toBeUndefined();
  });

  it("does not throw while the socket below it is breaking", async () => {
    const { peer, socket, transport } = await setUp(way);
    const closed = once(socket, "close");
    peer.reset();
    for (;;) {
      transport.sendAll(["a", "b"]);
      if (transport.send("c") === "dropped") break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await closed;
  });

  it("stops reading and reads again", async () => {
    const { peer, socket, transport } = await setUp(way);
    const heard: string[] = [];
    socket.on("message", (data) => heard.push(String(data)));
    transport.pause();
    expect(socket.isPaused).toBe(true);
    transport.resume();
    const message = once(socket, "message");
    peer.send("hello");
    await message;
    expect(heard).toEqual(['{"eventName":"hello","payload":null}']);
  });
});

describe("a transport that writes to the network socket", () => {
  it("joins what is sent together into one write", async () => {
    const { peer, raw, transport } = await setUp("joined");
    const { bytesWritten } = raw;
    const writes: unknown[] = [];
    const write = raw.write.bind(raw);
    Object.assign(raw, {
      write: (bytes: Buffer) => {
        writes.push(bytes.length);
        return write(bytes);
      },
    });
    transport.sendAll(Array.from({ length: 16 }, (_, index) => `text ${index}`));
    for (let index = 0; index < 16; index++) expect(String((await peer.next())?.payload)).toBe(`text ${index}`);
    expect(writes).toEqual([raw.bytesWritten - bytesWritten]);
  });

  it("frames a shared text once for all sockets", async () => {
    const { transport, peer } = await setUp("joined");
    const shared: SharedText = { text: "for all", frame: undefined };
    transport.send(shared);
    const { frame } = shared;
    expect(frame).toBeDefined();
    transport.sendAll(["other", shared]);
    transport.sendAll([shared, "other"]);
    transport.sendAll([shared, shared]);
    expect(shared.frame).toBe(frame);
    const texts: string[] = [];
    while (texts.length < 7) texts.push(String((await peer.next())?.payload));
    expect(texts).toEqual(["for all", "other", "for all", "for all", "other", "for all", "for all"]);
  });

  it("calls back when the peer has caught up", async () => {
    const { peer, transport } = await setUp("joined");
    peer.socket.pause();
    const text = "x".repeat(1_000_000);
    while (transport.send(text) === "sent");
    const drained = new Promise<void>((resolve) => transport.onceDrained(resolve));
    peer.socket.resume();
    await drained;
    expect(transport.bufferedAmount()).toBe(0);
  });

  it("leaves connections with compression to ws", async () => {
    const compressing = new WebSocketServer({ noServer: true, perMessageDeflate: { threshold: 0 } });
    http.removeAllListeners("upgrade");
    http.on("upgrade", (request, raw, head) => {
      compressing.handleUpgrade(request, raw, head, (socket) => accepted.open({ socket, raw: raw as Socket }));
    });
    const client = new WebSocket(`ws://127.0.0.1:${port}`);
    const { socket, raw } = await accepted.passed;
    await once(client, "open");
    const transport = new WsTransport(socket, raw);
    const message = once(client, "message");
    transport.sendAll(["compressed"]);
    expect(String((await message)[0])).toBe("compressed");
    client.terminate();
  });
});
