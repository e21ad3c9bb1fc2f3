// The control events of a client, on a simulated network.
import fc from "fast-check";
import { expect, test } from "vitest";
import { simulateClient } from "../../test/support/simulated-client.ts";
import { settled } from "../../test/support/sleeping-clock.ts";
import { encodeWelcome, PING_TEXT, PONG_TEXT, parseDraining, parseWelcome } from "../protocol/control.ts";

test("a welcome that comes after 5 s is too late, a second one is one too many", async () => {
  const late = simulateClient();
  const welcome = encodeWelcome({ id: "a", heartbeatMs: 1_000, envelopeBytes: undefined, features: ["x"] });
  const socket = await late.open("plain");
  await late.clock.advance(5_001);
  socket.say(welcome);
  expect(late.client.features.size).toBe(0);
  const twice = simulateClient();
  (await twice.open()).say(welcome);
  expect([...twice.client.features]).toEqual(["draining"]);
});

test("features and latency are known from the welcome on, and features go with the connection", async () => {
  const { client, clock, open, network } = simulateClient();
  client.connect();
  await settled();
  network.last.accept();
  await clock.advance(30);
  network.last.say(encodeWelcome({ id: "a", heartbeatMs: undefined, envelopeBytes: undefined, features: ["x"] }));
  expect([...client.features]).toEqual(["x"]);
  expect(client.getSnapshot().latency).toBe(30);
  network.last.end();
  expect(client.features.size).toBe(0);
  expect(open).toBeDefined();
});

const anything = fc.oneof(fc.integer(), fc.double({ noNaN: true }), fc.jsonValue(), fc.constant(undefined));

test("a welcome is read as protocol/control reads it, whatever it holds", async () => {
  const welcomes = fc.record({
    heartbeatMs: fc.oneof(fc.integer({ min: -1, max: 700_000 }), anything),
    limits: fc.oneof(fc.record({ envelopeBytes: fc.oneof(fc.integer({ min: 50, max: 80_000 }), anything) }), anything),
    features: fc.oneof(fc.array(fc.oneof(fc.string(), anything), { maxLength: 50 }), anything),
  });
  const property = fc.asyncProperty(fc.oneof(welcomes, anything), async (payload) => {
    const { client, clock, open } = simulateClient();
    const socket = await open("plain");
    socket.sayEvent("zap:welcome", payload);
    const {
      heartbeatMs = 25_000,
      envelopeBytes = 65_536,
      features,
    } = parseWelcome(JSON.parse(JSON.stringify(payload ?? null)));
    expect([...client.features]).toEqual([...new Set(features)]);
    const bytes = Math.min(65_536, Math.floor(envelopeBytes));
    const sized = (length: number) => client.send("a", "x".repeat(length - '{"eventName":"a","payload":""}'.length));
    if (bytes >= 50) expect(await sized(bytes)).toBe("sent");
    await expect(sized(Math.max(bytes + 1, 50))).rejects.toEqual(
      expect.objectContaining({ code: "envelope_too_large" }),
    );
    await clock.advance(Math.ceil(heartbeatMs) - 1);
    expect(socket.received).not.toContain(PING_TEXT);
    await clock.advance(1);
    expect(socket.received).toContain(PING_TEXT);
  });
  await fc.assert(property, { numRuns: 300 });
});

test("a draining is read as protocol/control reads it, whatever it holds", async () => {
  const property = fc.asyncProperty(fc.oneof(fc.record({ windowMs: anything }), anything), async (payload) => {
    const { client, clock, open } = simulateClient();
    const socket = await open();
    socket.sayEvent("zap:draining", payload);
    socket.end(1012);
    const { windowMs } = parseDraining(JSON.parse(JSON.stringify(payload ?? null)));
    const delay = Math.max(100, windowMs || 500);
    expect((client.getSnapshot().retryAt ?? 0) - clock.now()).toBeCloseTo(delay, 3);
  });
  await fc.assert(property, { numRuns: 300 });
});

test("an answer to no question tells no latency", async () => {
  const { client, open } = simulateClient();
  const socket = await open("plain");
  socket.say(PONG_TEXT);
  expect(client.getSnapshot().latency).toBeUndefined();
});

test("a server that asks is answered", async () => {
  const { open } = simulateClient();
  const socket = await open();
  socket.say(PING_TEXT);
  expect(socket.received.at(-1)).toBe(PONG_TEXT);
});

test("a new token is given to the server when the application or the server wants it", async () => {
  let asked = 0;
  const { client, open } = simulateClient({ token: async () => `token ${++asked}` });
  const socket = await open();
  await client.renewToken();
  socket.sayEvent("zap:auth");
  await settled();
  expect(socket.events.slice(1)).toEqual([
    { eventName: "zap:auth", payload: { token: "token 2" } },
    { eventName: "zap:auth", payload: { token: "token 3" } },
  ]);
});

test("a new token goes to no plain server, and to no later connection", async () => {
  const tokens: ((token: string) => void)[] = [];
  const { client, clock, open, accept } = simulateClient({
    token: () => new Promise((resolve) => tokens.push(resolve)),
  });
  client.connect();
  tokens[0]?.("first");
  await settled();
  const first = await accept();
  const renewed = client.renewToken();
  first.end();
  tokens[1]?.("for the first");
  await renewed;
  await clock.advance(500);
  tokens[2]?.("second");
  await settled();
  const second = await accept("plain");
  await client.renewToken();
  expect(tokens).toHaveLength(3);
  expect([first, second].map(({ events }) => events.length)).toEqual([1, 1]);
  expect(open).toBeDefined();
});

test("a token that cannot be renewed is reported, and nothing else happens", async () => {
  let asked = 0;
  const { client, errors, open } = simulateClient({
    token: () => {
      if (++asked > 1) throw new Error("no");
      return "t";
    },
  });
  const socket = await open();
  await expect(client.renewToken()).rejects.toThrow("no");
  socket.sayEvent("zap:auth");
  await settled();
  expect(errors).toHaveLength(2);
  expect(client.getSnapshot().status).toBe("open");
});

test.each([
  ["zap:welcome", { heartbeatMs: -1, features: "x", limits: [] }],
  ["zap:welcome", null],
  ["zap:welcome", { heartbeatMs: 1e300, features: [{}, 7], limits: { envelopeBytes: -1 } }],
  ["zap:draining", { windowMs: "soon" }],
  ["zap:draining", []],
  ["zap:pong", {}],
  ["zap:unknown", "of a later version"],
])("a control event %s with payload %j does no harm", async (eventName, payload) => {
  const { client, errors, open } = simulateClient();
  const events: unknown[] = [];
  client.onAnyEvent((event) => events.push(event));
  const socket = await open("plain");
  socket.sayEvent(eventName, payload);
  expect(client.getSnapshot().status).toBe("open");
  expect(errors).toEqual([]);
  expect(events).toEqual([]);
});
