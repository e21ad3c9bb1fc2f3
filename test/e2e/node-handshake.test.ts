// The opening handshake of Node's server: whom it lets in, and what it selects. What it survives is in test/attacks.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EventRegister } from "../../src/index.ts";
import { newRegister, served } from "../support/node-server.ts";
import { RawPeer } from "../support/raw-peer.ts";

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
