// The WebSocket that Node 20 gets: frames over the limits end it, for good and with their code.
import { once } from "node:events";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type WebSocket, WebSocketServer } from "ws";
import type { CloseInfo } from "./client-types.ts";
import { boundedWebSocket } from "./ws-socket.ts";
import { ZapClient } from "./zap-client.ts";

let server: WebSocketServer;

beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
});
afterAll(() => {
  server.close();
});

async function connected(limits = {}) {
  const client = new ZapClient(`ws://127.0.0.1:${Object(server.address()).port}`, {
    WebSocket: boundedWebSocket(limits),
    limits,
    onError: () => {},
  });
  onTestFinished(() => client.close());
  const accepted = once(server, "connection");
  await client.connect();
  const [socket]: WebSocket[] = await accepted;
  if (socket === undefined) throw new Error("no connection");
  const lost = new Promise<CloseInfo>((resolve) => client.onDisconnected(resolve));
  return { client, socket, lost };
}

test("a frame over the limit ends the client with 1009, before it is put together", async () => {
  const { client, socket, lost } = await connected({ envelopeBytes: 1_000 });
  const told = once(socket, "close");
  socket.send("x".repeat(1_001));
  expect(await lost).toMatchObject({ code: 1009 });
  expect((await told)[0]).toBe(1009);
  expect(client.getSnapshot().status).toBe("closed");
});

test("text that is no UTF-8 ends the client with 1007", async () => {
  const { client, socket, lost } = await connected();
  socket.send(Buffer.from([0xff]), { binary: false });
  expect(await lost).toMatchObject({ code: 1007 });
  expect(client.getSnapshot().status).toBe("closed");
});

test("too many fragments end the client with 1008", async () => {
  const { client, socket, lost } = await connected({ fragments: 4 });
  for (let sent = 0; sent < 6; sent++) socket.send("x", { fin: false });
  expect(await lost).toMatchObject({ code: 1008 });
  expect(client.getSnapshot().status).toBe("closed");
});

test("a frame that breaks the protocol ends the client with 1002", async () => {
  const { client, socket, lost } = await connected();
  const { _socket: raw } = socket as unknown as { readonly _socket: { write(bytes: Uint8Array): void } };
  raw.write(Uint8Array.from([0xff, 0x00]));
  expect(await lost).toMatchObject({ code: 1002 });
  expect(client.getSnapshot().status).toBe("closed");
});

test("a connection that is lost is lost, and comes back", async () => {
  const { client, socket, lost } = await connected();
  socket.terminate();
  expect(await lost).toMatchObject({ code: 1006 });
  expect(client.getSnapshot().status).toBe("waiting");
});
