// How events reach a client's handlers and their answers the server, on a simulated network.
import { expect, test } from "vitest";
import { Gate } from "../../test/support/gate.ts";
import { simulateClient } from "../../test/support/simulated-client.ts";
import { settled } from "../../test/support/sleeping-clock.ts";
import { ZapError } from "../protocol/errors.ts";

test("a handler gets name, payload and headers, and nothing of the toolkit's own", async () => {
  const { client, open } = simulateClient();
  const got: unknown[] = [];
  client.onEvent("a", (event) => got.push(event));
  const socket = await open();
  socket.sayEvent("a", { x: 1 }, { trace: "t", zap: { stream: "s" } });
  socket.say('{"eventName":"a","headers":null}');
  expect(got).toEqual([
    { eventName: "a", payload: { x: 1 }, headers: { trace: "t" } },
    { eventName: "a", payload: null, headers: {} },
  ]);
});

test("a server may send the names of lifecycle events, as the Python sibling does", async () => {
  const { client, open } = simulateClient();
  const got: string[] = [];
  for (const name of ["connected", "disconnected", "error", "__proto__", "constructor"]) {
    client.onEvent(name, ({ eventName }) => got.push(eventName));
  }
  const socket = await open();
  for (const name of ["connected", "disconnected", "error", "__proto__", "constructor"]) socket.sayEvent(name);
  expect(got).toEqual(["connected", "disconnected", "error", "__proto__", "constructor"]);
});

test("handlers of every event come before those of the name, and each goes by itself", async () => {
  const { client, open } = simulateClient();
  const got: string[] = [];
  const handler = () => got.push("named");
  client.onEvent("a", handler);
  const off = client.onEvent("a", handler);
  const offAny = client.onAnyEvent(({ eventName }) => got.push(`any ${eventName}`));
  const socket = await open();
  socket.sayEvent("a");
  off();
  off();
  socket.sayEvent("a");
  offAny();
  socket.sayEvent("a");
  expect(got).toEqual(["any a", "named", "named", "any a", "named", "named"]);
});

test("once is once, also when the event comes again before the handler is done", async () => {
  const { client, open } = simulateClient();
  const got: unknown[] = [];
  client.once("a", ({ payload }) => got.push(payload));
  const never = client.once("a", () => got.push("never"));
  never();
  const socket = await open();
  socket.sayEvent("a", 1);
  socket.sayEvent("a", 2);
  expect(got).toEqual([1]);
});

test("handlers that come while an event is handled wait for the next, those that go are not called", async () => {
  const { client, open } = simulateClient();
  const got: string[] = [];
  client.onEvent("a", () => {
    got.push("first");
    off();
    client.onEvent("a", () => got.push("late"));
  });
  const off = client.onEvent("a", () => got.push("gone"));
  const socket = await open();
  socket.sayEvent("a");
  expect(got).toEqual(["first"]);
  socket.sayEvent("a");
  expect(got).toEqual(["first", "first", "late"]);
});

test("after a reconnect a handler runs once for each event", async () => {
  const { client, clock, open, accept } = simulateClient();
  const got: unknown[] = [];
  client.onEvent("a", ({ payload }) => got.push(payload));
  (await open()).end();
  await clock.advance(500);
  (await accept()).sayEvent("a", 1);
  expect(got).toEqual([1]);
});

test.each([
  ["throws", () => Promise.reject(new Error("handler"))],
  [
    "rejects",
    () => {
      throw new Error("handler");
    },
  ],
])("a handler that %s is reported, and the others run", async (_, handler) => {
  const { client, errors, open } = simulateClient();
  const got: string[] = [];
  client.onAnyEvent(handler);
  client.onEvent("a", handler);
  client.onEvent("a", () => got.push("other"));
  const socket = await open();
  socket.sayEvent("a");
  await settled();
  expect(got).toEqual(["other"]);
  expect(errors).toEqual([
    { error: new Error("handler"), about: "a" },
    { error: new Error("handler"), about: "a" },
  ]);
  expect(client.getSnapshot().status).toBe("open");
});

test("nothing is handled once the close was seen, or closing has begun", async () => {
  const { client, open } = simulateClient();
  const got: unknown[] = [];
  client.onEvent("a", (event) => {
    got.push(event);
    client.close();
  });
  const socket = await open();
  socket.sayEvent("a");
  socket.sayEvent("a");
  expect(got).toHaveLength(1);
});

test("the server's request is answered with what the first handler returns", async () => {
  const { client, open } = simulateClient();
  client.onEvent("double", async ({ payload }) => Number(payload) * 2);
  client.onEvent("double", () => "second");
  client.onAnyEvent(() => "any");
  const socket = await open();
  socket.sayEvent("double", 4, { zap: { id: "q" } });
  await settled();
  expect(socket.events.slice(1)).toEqual([{ eventName: "double", payload: 8, headers: { zap: { re: "q" } } }]);
});

test.each([
  ["nobody", undefined, { code: "unknown_event", message: "unknown_event" }, 0],
  ["a failure nobody meant", new Error("secret"), { code: "internal", message: "internal" }, 1],
  [
    "a meant one",
    new ZapError("full", "Full.", { max: 2 }),
    { code: "full", message: "Full.", details: { max: 2 } },
    1,
  ],
])("a request that meets %s is answered with an error", async (_, thrown, payload, reports) => {
  const { client, errors, open } = simulateClient();
  if (thrown !== undefined) {
    client.onEvent("a", () => {
      throw thrown;
    });
  }
  const socket = await open();
  socket.sayEvent("a", null, { zap: { id: "q" } });
  await settled();
  expect(socket.events.slice(1)).toEqual([{ eventName: "error", payload, headers: { zap: { re: "q" } } }]);
  expect(errors).toHaveLength(reports);
});

test.each([
  ["an answer", () => 1n],
  [
    "a failure's details",
    () => {
      throw new ZapError("full", "Full.", 1n);
    },
  ],
])("%s that cannot be sent is answered with an error all the same", async (_, handler) => {
  const { client, errors, open } = simulateClient();
  client.onEvent("a", handler);
  const socket = await open();
  socket.sayEvent("a", null, { zap: { id: "q" } });
  await settled();
  expect(socket.events[1]).toMatchObject({ eventName: "error", headers: { zap: { re: "q" } } });
  expect(errors.length).toBeGreaterThan(0);
});

test("the answer to a request goes by the connection that asked, or not at all", async () => {
  const { client, clock, open, accept } = simulateClient();
  const gate = new Gate();
  client.onEvent("a", () => gate.passed);
  const first = await open();
  first.sayEvent("a", null, { zap: { id: "q" } });
  first.end();
  await clock.advance(500);
  const second = await accept();
  gate.open();
  await settled();
  expect([first, second].map(({ events }) => events.length)).toEqual([1, 1]);
});

test.each([7, {}, [], null, true])("a request id of %j is none", async (id) => {
  const { client, open } = simulateClient();
  const got: unknown[] = [];
  client.onEvent("a", (event) => got.push(event));
  const socket = await open();
  socket.sayEvent("a", null, { zap: { id } });
  await settled();
  expect(got).toHaveLength(1);
  expect(socket.received).toHaveLength(1);
});

test("events can be waited for, from the call on, until the client is closed", async () => {
  const { client, open } = simulateClient();
  const socket = await open();
  const events = client.events("a");
  socket.sayEvent("a", 1);
  socket.sayEvent("b", 2);
  socket.sayEvent("a", 3);
  client.close();
  const got: unknown[] = [];
  for await (const { payload } of events) got.push(payload);
  expect(got).toEqual([1, 3]);
});

test("too many events for a slow loop are reported, and the loop goes on with those it has", async () => {
  const { client, errors, open } = simulateClient();
  const socket = await open();
  const events = client.events("a");
  for (let sent = 0; sent < 1_030; sent++) socket.sayEvent("a", sent);
  await settled();
  expect(errors).toHaveLength(6);
  expect(await events.next()).toMatchObject({ value: { payload: 0 } });
  socket.sayEvent("a", "again");
  client.close();
  let count = 0;
  for await (const _ of events) count++;
  expect(count).toBe(1_024);
});
