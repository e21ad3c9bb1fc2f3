// The opening handshake of Node's server: whom it lets in, and what it survives before it has.
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EventRegister } from "../../src/index.ts";
import { newRegister, served, until } from "../support/node-server.ts";
import { envelopeFrame, RawPeer, upgradeRequest } from "../support/raw-peer.ts";

const unhandled: unknown[] = [];
const note = (error: unknown) => void unhandled.push(error);
let register: EventRegister;
let port: number;
let lives: string[];

beforeEach(async () => {
  unhandled.length = 0;
  lives = [];
  register = newRegister({ origins: ["https://app.example.net"] });
  register.onEvent("connected", () => lives.push("connected"));
  register.onEvent("disconnected", () => lives.push("disconnected"));
  register.onEvent("echo", ({ connection, payload }) => connection.send("echo", payload));
  ({ port } = await served(register, { host: "127.0.0.1" }));
  process.on("unhandledRejection", note);
  process.on("uncaughtException", note);
});

afterEach(() => {
  process.off("unhandledRejection", note);
  process.off("uncaughtException", note);
  expect(unhandled).toEqual([]);
});

async function statusFor(headers: readonly string[], path = "/ws"): Promise<number> {
  const peer = new RawPeer(port);
  const { status } = await peer.upgrade({ headers, path });
  peer.reset();
  return status;
}

async function expectServing(): Promise<void> {
  const peer = await RawPeer.open(port);
  peer.send("echo", "ready");
  expect(await peer.envelope()).toEqual({ eventName: "echo", payload: "ready" });
  peer.reset();
}

describe("origins", () => {
  it.each<[string, readonly string[], number]>([
    ["none", [], 101],
    ["its own", ["Host: localhost:9000", "Origin: http://localhost:9000"], 101],
    ["its own behind a proxy that speaks TLS", ["Host: example.com", "Origin: https://example.com"], 101],
    ["one in the list", ["Origin: https://app.example.net"], 101],
    ["another site", ["Origin: https://evil.net"], 403],
    ["another port", ["Host: localhost:9000", "Origin: http://localhost:9001"], 403],
    ["a suffix", ["Host: example.com", "Origin: https://evilexample.com"], 403],
    ["a subdomain of one in the list", ["Origin: https://x.app.example.net"], 403],
    ["the opaque one", ["Origin: null"], 403],
    ["an empty one", ["Origin:"], 403],
    ["nonsense", ["Origin: http://["], 403],
    ["one of 8 KiB", [`Origin: https://${"a".repeat(8_192)}.net`], 403],
    ["one beyond ASCII", ["Origin: https://ex\u00e4mple.net"], 403],
    ["two", ["Origin: https://app.example.net", "Origin: https://evil.net"], 403],
    ["two that are the same", ["Origin: https://app.example.net", "Origin: https://app.example.net"], 403],
  ])("%s: %j is answered with %i", async (_what, headers, status) => {
    expect(await statusFor(headers)).toBe(status);
    if (status !== 101) expect(lives).toEqual([]);
    await expectServing();
  });
});

describe("requests that are malformed", () => {
  it.each<[string, readonly string[], string]>([
    ["no key", ["Sec-WebSocket-Key:"], "/ws"],
    ["a key that is too short", ["Sec-WebSocket-Key: abc"], "/ws"],
    ["two keys", ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="], "/ws"],
    ["a version nobody knows", ["Sec-WebSocket-Version: 99"], "/ws"],
    ["an upgrade to something else", ["Upgrade: h2c"], "/ws"],
    ["subprotocols that are none", ["Sec-WebSocket-Protocol: ,,,"], "/ws"],
    ["a Host that is none", ["Host: [", "Origin: http://localhost"], "/ws"],
    ["two Hosts", ["Host: a", "Host: b", "Origin: http://b"], "/ws"],
    ["a path that is none", [], "//["],
    ["a path of 8 KiB", [], `/${"a".repeat(8_192)}`],
    ["a path beyond ASCII", [], "/w\u00e9"],
    ["a path with a control character", [], "/ws\u0001"],
    ["a path that climbs", [], "/../ws"],
    ["a star", [], "*"],
  ])("with %s are answered with 4xx", async (_what, headers, path) => {
    const status = await statusFor(headers, path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(lives).toEqual([]);
    await expectServing();
  });

  it("with another method are refused", async () => {
    const peer = new RawPeer(port);
    peer.write(Buffer.from(upgradeRequest().replace("GET", "POST")));
    expect((await peer.answer()).status).toBe(405);
  });

  it("without a Host are refused", async () => {
    const peer = new RawPeer(port);
    peer.write(Buffer.from(upgradeRequest({ headers: ["Host: x"] }).replace("Host: x\r\n", "")));
    expect([0, 101, 400]).toContain((await peer.answer()).status);
    await expectServing();
  });
});

describe("subprotocols", () => {
  it.each<[string, RegExp | undefined]>([
    ["zap.v1", /^sec-websocket-protocol: zap\.v1\r?$/im],
    ["other, zap.v1", /^sec-websocket-protocol: zap\.v1\r?$/im],
    ["zap.bearer.c2VjcmV0, zap.v1", /^sec-websocket-protocol: zap\.v1\r?$/im],
    ["zap.bearer.c2VjcmV0", undefined],
    ["other", undefined],
  ])("%s: only zap.v1 is ever selected, and no token comes back", async (offer, expected) => {
    const peer = new RawPeer(port);
    const { status, headers } = await peer.upgrade({ headers: [`Sec-WebSocket-Protocol: ${offer}`] });
    expect(status).toBe(101);
    if (expected === undefined) expect(headers).not.toMatch(/sec-websocket-protocol/i);
    else expect(headers).toMatch(expected);
    expect(headers).not.toContain("c2VjcmV0");
    peer.reset();
  });

  it("compression is not accepted", async () => {
    const peer = new RawPeer(port);
    const { headers } = await peer.upgrade({ headers: ["Sec-WebSocket-Extensions: permessage-deflate"] });
    expect(headers).not.toMatch(/extensions/i);
    peer.reset();
  });
});

describe("a handshake that breaks off", () => {
  it("leaves nothing behind, wherever it does", async () => {
    const request = Buffer.concat([Buffer.from(upgradeRequest()), envelopeFrame("echo", 1)]);
    for (let cut = 0; cut <= request.length; cut += 7) {
      const peer = new RawPeer(port);
      await once(peer.socket, "connect");
      peer.write(request.subarray(0, cut));
      // In half of the cases the bytes are on their way before the reset is.
      if (cut % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
      peer.reset();
      await peer.gone;
    }
    await expectServing();
    await until(() => register.connections.size === 0);
    await until(() => lives.filter((name) => name === "connected").length * 2 === lives.length);
  });

  it("does no harm in the middle of many", async () => {
    const request = Buffer.from(upgradeRequest());
    const peers = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const peer = new RawPeer(port);
        await once(peer.socket, "connect");
        peer.write(request);
        if (index % 3 === 0) peer.reset();
        else if (index % 3 === 1) peer.socket.end();
        return peer;
      }),
    );
    for (const peer of peers) peer.socket.destroy();
    await Promise.all(peers.map((peer) => peer.gone));
    await expectServing();
    await until(() => register.connections.size === 0);
  });

  it("before an answer that refuses does no harm", async () => {
    for (let index = 0; index < 20; index++) {
      const peer = new RawPeer(port);
      await once(peer.socket, "connect");
      peer.write(
        Buffer.from(upgradeRequest({ path: index % 2 === 0 ? "/nowhere" : "/ws", headers: ["Origin: null"] })),
      );
      peer.reset();
      await peer.gone;
    }
    await expectServing();
  });
});
