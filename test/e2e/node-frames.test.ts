// Hostile frames against Node's server: each ends its sender with the right code, and nobody else.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EventRegister } from "../../src/index.ts";
import { MemoryLog } from "../support/memory-log.ts";
import { newRegister, served, until } from "../support/node-server.ts";
import { BINARY, CLOSE, closeFrame, envelopeFrame, frame, PING, PONG, RawPeer, TEXT } from "../support/raw-peer.ts";

const CONTINUATION = 0;

interface Attack {
  readonly what: string;
  readonly bytes: Uint8Array;
  readonly code: number;
}

const text = (payload: string) => frame(payload);
const envelope = (eventName: string, payload: unknown = null, headers?: unknown) =>
  text(JSON.stringify({ eventName, payload, headers }));
const fragments = (count: number, payload = "") =>
  Buffer.concat([
    frame(payload, { fin: false }),
    ...Array.from({ length: count - 2 }, () => frame(payload, { fin: false, opcode: CONTINUATION })),
    frame(payload, { opcode: CONTINUATION }),
  ]);

const attacks: readonly Attack[] = [
  { what: "a binary frame", bytes: frame("{}", { opcode: BINARY }), code: 1003 },
  { what: "an empty binary frame", bytes: frame("", { opcode: BINARY }), code: 1003 },
  { what: "an empty text frame", bytes: text(""), code: 4400 },
  { what: "bad JSON", bytes: text("{nope"), code: 4400 },
  { what: "JSON that is no object", bytes: text("7"), code: 4400 },
  { what: "text after the JSON", bytes: text('{"eventName":"echo"}}'), code: 4400 },
  { what: "a BOM", bytes: text('\ufeff{"eventName":"echo"}'), code: 4400 },
  { what: "a number beyond a double", bytes: text('{"eventName":"echo","payload":1e400}'), code: 4400 },
  { what: "a key twice", bytes: text('{"eventName":"echo","eventName":"error"}'), code: 4400 },
  { what: "no name", bytes: text("{}"), code: 4400 },
  { what: "a name that is an array", bytes: text('{"eventName":["echo"]}'), code: 4400 },
  { what: "a name that is an object", bytes: text('{"eventName":{"toString":"echo"}}'), code: 4400 },
  { what: "a name that is a number", bytes: text('{"eventName":7}'), code: 4400 },
  { what: "an empty name", bytes: envelope(""), code: 4400 },
  { what: "a name that is too long", bytes: envelope("x".repeat(129)), code: 4400 },
  { what: "a name with a line break", bytes: envelope("a\nb"), code: 4400 },
  { what: "a name with a lone surrogate", bytes: text('{"eventName":"\\ud800"}'), code: 4400 },
  { what: "connected", bytes: envelope("connected"), code: 4400 },
  { what: "disconnected", bytes: envelope("disconnected", { code: 1000, reason: "" }), code: 4400 },
  { what: "error", bytes: envelope("error", { eventName: "x", error: "y" }), code: 4400 },
  { what: "a name under zap: that clients may not send", bytes: envelope("zap:welcome", {}), code: 4400 },
  { what: "headers that are an array", bytes: envelope("echo", null, []), code: 4400 },
  { what: "headers that are too many", bytes: envelope("echo", null, headers(33)), code: 4400 },
  { what: "headers that are too large", bytes: envelope("echo", null, { a: "x".repeat(4_096) }), code: 4400 },
  { what: "headers that are too deep", bytes: envelope("echo", null, nested(10)), code: 4400 },
  { what: "a request id that is no text", bytes: envelope("echo", null, { zap: { id: 7 } }), code: 4400 },
  { what: "an envelope that is too large", bytes: envelope("echo", "x".repeat(65_536)), code: 1009 },
  { what: "a length of 2^40", bytes: frame("", { claimedLength: 2n ** 40n }), code: 1009 },
  { what: "a length of 2^63", bytes: frame("", { claimedLength: 2n ** 63n }), code: 1009 },
  { what: "fragments that are too large together", bytes: fragments(8, "x".repeat(10_000)), code: 1009 },
  {
    what: "an envelope that is too deep",
    bytes: text(`{"eventName":"echo","payload":${"[".repeat(60_000)}`),
    code: 1009,
  },
  { what: "invalid UTF-8", bytes: frame(Buffer.from([0x22, 0xff, 0x22])), code: 1007 },
  {
    what: "invalid UTF-8 over two fragments",
    bytes: Buffer.concat([
      frame(Buffer.from([0x22, 0xc3]), { fin: false }),
      frame(Buffer.from([0x22]), { opcode: CONTINUATION }),
    ]),
    code: 1007,
  },
  { what: "invalid UTF-8 in a close reason", bytes: frame(Buffer.from([3, 232, 0xff]), { opcode: CLOSE }), code: 1007 },
  { what: "65 fragments", bytes: fragments(66, "x"), code: 1008 },
  { what: "thousands of empty fragments", bytes: fragments(10_000), code: 1008 },
  { what: "an unmasked frame", bytes: frame('{"eventName":"echo"}', { masked: false }), code: 1002 },
  { what: "the first reserved bit", bytes: frame("{}", { rsv: 4 }), code: 1002 },
  { what: "the second reserved bit", bytes: frame("{}", { rsv: 2 }), code: 1002 },
  { what: "the third reserved bit", bytes: frame("{}", { rsv: 1 }), code: 1002 },
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) => ({
    what: `opcode ${opcode}`,
    bytes: frame("", { opcode }),
    code: 1002,
  })),
  { what: "a continuation of nothing", bytes: frame("x", { opcode: CONTINUATION }), code: 1002 },
  { what: "text inside of text", bytes: Buffer.concat([frame("x", { fin: false }), frame("y")]), code: 1002 },
  { what: "a ping in fragments", bytes: frame("x", { fin: false, opcode: PING }), code: 1002 },
  { what: "a ping that is too long", bytes: frame("x".repeat(126), { opcode: PING }), code: 1002 },
  { what: "a close body of one byte", bytes: frame("x", { opcode: CLOSE }), code: 1002 },
  ...[0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535].map((code) => ({
    what: `a Close with the code ${code}`,
    bytes: closeFrame(code),
    code: 1002,
  })),
];

function headers(count: number): unknown {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`h${index}`, index]));
}

function nested(levels: number): unknown {
  let value: unknown = {};
  for (let level = 0; level < levels; level++) value = { a: value };
  return value;
}

const log = new MemoryLog();
const unhandled: unknown[] = [];
const note = (error: unknown) => void unhandled.push(error);
let register: EventRegister;
let port: number;
let lifecycle: unknown[];
let innocent: RawPeer;

beforeEach(async () => {
  log.lines.length = 0;
  unhandled.length = 0;
  lifecycle = [];
  register = newRegister({ logger: log });
  register.onEvent("echo", ({ connection, payload }) => connection.send("echo", payload));
  register.onEvent("connected", ({ connection }) => lifecycle.push(["connected", connection.id]));
  register.onEvent("disconnected", ({ payload }) => lifecycle.push(["disconnected", payload.code]));
  register.onEvent("error", ({ payload }) => lifecycle.push(["error", payload.error]));
  ({ port } = await served(register));
  innocent = await RawPeer.open(port);
  process.on("unhandledRejection", note);
  process.on("uncaughtException", note);
});

afterEach(() => {
  innocent.reset();
  process.off("unhandledRejection", note);
  process.off("uncaughtException", note);
  expect(unhandled).toEqual([]);
});

async function expectUnharmed(): Promise<void> {
  innocent.send("echo", "still here");
  expect(await innocent.envelope()).toEqual({ eventName: "echo", payload: "still here" });
  expect(register.connections.size).toBe(1);
}

describe("a hostile frame", () => {
  it.each(attacks)("with $what ends its sender with $code, one line in the log, and nobody else", async (attack) => {
    const peer = await RawPeer.open(port);
    // What follows in the same packet must not be handled either.
    peer.write(Buffer.concat([attack.bytes, envelopeFrame("echo", "smuggled")]));
    expect((await peer.closed()).code).toBe(attack.code);
    peer.write(closeFrame(attack.code));
    await peer.gone;
    await until(() => lifecycle.length === 3);
    expect(lifecycle[2]).toEqual(["disconnected", attack.code]);
    expect(log.lines).toMatchObject([{ fields: { code: attack.code, connection: expect.stringContaining("zpt-") } }]);
    expect(register.stats().refused).toEqual(new Map([[attack.code, 1]]));
    expect(register.stats().events).toBe(0);
    await expectUnharmed();
  });

  it("is not answered with the words it was made of", async () => {
    const peer = await RawPeer.open(port);
    peer.write(text('{"eventName":"connected","payload":"<script>"}'));
    const { reason } = await peer.closed();
    expect(reason).toBe("reserved eventName");
    expect(JSON.stringify(log.lines)).not.toContain("script");
  });
});

describe("what is odd but allowed", () => {
  it("is taken: fragments up to the limit, with pings between them", async () => {
    const peer = await RawPeer.open(port);
    const json = '{"eventName":"echo","payload":"in parts"}';
    const parts = Array.from({ length: 64 }, (_, index) => json.slice(index, index === 63 ? undefined : index + 1));
    for (const [index, part] of parts.entries()) {
      peer.write(frame(part, { fin: index === 63, opcode: index === 0 ? TEXT : CONTINUATION }));
      if (index % 16 === 0) peer.write(frame("ping", { opcode: PING }));
    }
    for (let pong = 0; pong < 4; pong++) expect(await peer.next()).toMatchObject({ opcode: PONG });
    expect((await peer.envelope()).payload).toBe("in parts");
  });

  it("is taken: an envelope of exactly limits.envelopeBytes", async () => {
    const peer = await RawPeer.open(port);
    const payload = "x".repeat(65_536 - '{"eventName":"nobody","payload":""}'.length);
    peer.write(text(`{"eventName":"nobody","payload":"${payload}"}`));
    peer.send("echo", 1);
    expect((await peer.envelope()).payload).toBe(1);
  });

  it("is taken: pongs nobody asked for, other keys, null headers, unknown events", async () => {
    const peer = await RawPeer.open(port);
    peer.write(frame("", { opcode: PONG }));
    peer.write(text('{"eventName":"nobody","more":[1],"headers":null}'));
    peer.write(text('{"eventName":"echo","headers":{"zap":{"later":true}}}'));
    expect((await peer.envelope()).payload).toBeNull();
    expect(register.stats().unknownEvents).toBe(1);
  });

  it("is taken: frames cut into single bytes", async () => {
    const peer = await RawPeer.open(port);
    for (const byte of envelopeFrame("echo", "slowly")) {
      peer.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await peer.envelope()).payload).toBe("slowly");
  });
});

describe("a flood", () => {
  it("of pings whose pongs are never read ends the peer, and takes little memory", async () => {
    const peer = await RawPeer.open(port);
    peer.socket.pause();
    const pings = Buffer.concat(Array.from({ length: 1_000 }, () => frame("x".repeat(125), { opcode: PING })));
    // Writing fails once the server has cut the connection.
    const writing = setInterval(() => peer.socket.destroyed || peer.write(pings), 0);
    await until(() => lifecycle.length === 3);
    clearInterval(writing);
    expect(lifecycle[2]).toEqual(["disconnected", 1006]);
    await expectUnharmed();
    peer.reset();
  });

  it("of events beyond the rate ends the peer with 4429", async () => {
    const peer = await RawPeer.open(port);
    const events = Buffer.concat(Array.from({ length: 2_500 }, () => envelopeFrame("nobody")));
    peer.write(events);
    expect(await peer.closed()).toEqual({ code: 4429, reason: "rate limit" });
    expect(log.lines).toHaveLength(1);
    expect(register.stats().unknownEvents).toBeGreaterThanOrEqual(2_000);
    peer.reset();
    await until(() => lifecycle.length === 3);
    await expectUnharmed();
  });
});
