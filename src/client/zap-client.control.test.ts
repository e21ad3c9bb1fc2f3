// The control events of a client, on a simulated network.
import { expect, test } from "vitest";
import { simulateClient } from "../../test/support/simulated-client.ts";
import { settled } from "../../test/support/sleeping-clock.ts";
import { encodeWelcome, PING_TEXT, PONG_TEXT } from "../protocol/control.ts";

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
