// What becomes of events and requests that a client sends, on a simulated network.
import { expect, test } from "vitest";
import { simulateClient } from "../../test/support/simulated-client.ts";
import { settled } from "../../test/support/sleeping-clock.ts";
import { encodeWelcome } from "../protocol/control.ts";

const code = (expected: string) => expect.objectContaining({ code: expected });

test("what was sent before the connection was open leaves first, in order", async () => {
  const { client, open } = simulateClient();
  const outcomes = [client.send("a", 1), client.send("a", 2)];
  client.connect();
  outcomes.push(client.send("a", 3));
  client.onStateChange((status) => status === "open" && client.send("a", 4));
  const socket = await open();
  outcomes.push(client.send("a", 5));
  expect(await Promise.all(outcomes)).toEqual(["queued", "queued", "queued", "sent"]);
  expect(socket.events.slice(1).map(({ payload }) => payload)).toEqual([1, 2, 3, 4, 5]);
});

test("the snapshot counts what waits", async () => {
  const { client, open } = simulateClient();
  client.send("a");
  client.request("b");
  expect(client.getSnapshot().queued).toBe(2);
  await open();
  expect(client.getSnapshot().queued).toBe(0);
});

test("while it is away events wait, and go by the next connection", async () => {
  const { client, clock, open, accept } = simulateClient();
  (await open()).end();
  expect(await client.send("a", 1)).toBe("queued");
  await clock.advance(500);
  expect((await accept()).events.map(({ eventName }) => eventName)).toEqual(["zap:hello", "a"]);
});

test("a socket that is closing is no longer sent by", async () => {
  const { client, open } = simulateClient();
  const socket = await open();
  socket.link = "closing";
  expect(await client.send("a", 1)).toBe("queued");
});

test("volatile events do not wait: not for a connection, and not for a slow one", async () => {
  const { client, open } = simulateClient();
  expect(await client.send("a", 1, {}, { volatile: true })).toBe("dropped");
  const socket = await open();
  socket.bufferedAmount = 256 * 1024 + 1;
  expect(await client.send("a", 2, {}, { volatile: true })).toBe("dropped");
  expect(await client.send("a", 3)).toBe("queued");
  socket.bufferedAmount = 256 * 1024;
  expect(await client.send("a", 4, {}, { volatile: true })).toBe("sent");
  expect(socket.events.slice(1).map(({ payload }) => payload)).toEqual([3, 4]);
});

test("the queue holds 256, and the next is refused and reported", async () => {
  const { client, errors } = simulateClient();
  for (let sent = 0; sent < 256; sent++) client.send("a", sent);
  await expect(client.send("a", 256)).rejects.toEqual(code("queue_full"));
  await expect(client.request("b")).rejects.toEqual(code("queue_full"));
  expect(errors).toEqual([{ error: code("queue_full"), about: "a" }]);
  expect(client.getSnapshot().queued).toBe(256);
});

test("drop-oldest fails the request it drops", async () => {
  const { client, open } = simulateClient({ queueLimit: 2, overflow: "drop-oldest" });
  const dropped = client.request("a");
  client.send("b");
  expect(await client.send("c")).toBe("queued");
  await expect(dropped).rejects.toEqual(code("queue_full"));
  expect((await open()).events.map(({ eventName }) => eventName)).toEqual(["zap:hello", "b", "c"]);
});

test("drop-newest drops the event, and fails the request", async () => {
  const { client } = simulateClient({ queueLimit: 1, overflow: "drop-newest" });
  client.send("a");
  expect(await client.send("b")).toBe("dropped");
  await expect(client.request("c")).rejects.toEqual(code("queue_full"));
  expect(client.getSnapshot().queued).toBe(1);
});

test("what is sent after closing is dropped, what waited is given up, and requests fail", async () => {
  const { client, open } = simulateClient();
  client.send("a");
  const waited = client.request("b");
  await client.close();
  await expect(waited).rejects.toEqual(code("disconnected"));
  expect(await client.send("c")).toBe("dropped");
  await expect(client.request("d")).rejects.toEqual(code("disconnected"));
  expect((await open()).events).toHaveLength(1);
});

test.each([
  ["a reserved name", ["connected"], "reserved_event_name"],
  ["a control event's name", ["zap:ping"], "reserved_event_name"],
  ["an empty name", [""], "invalid_event_name"],
  ["a name with a line break", ["line\nbreak"], "invalid_event_name"],
  ["a name that is a number", [7], "invalid_event_name"],
  ["no name", [undefined], "invalid_event_name"],
  ["a BigInt", ["a", 1n], "unencodable_payload"],
  ["a function", ["a", () => {}], "unencodable_payload"],
  ["too much", ["a", "x".repeat(70_000)], "envelope_too_large"],
  ["the toolkit's own header", ["a", null, { zap: {} }], "invalid_headers"],
  ["headers that are null", ["a", null, null], "invalid_headers"],
])("%s is refused and reported, and nothing leaves", async (_, given, expected) => {
  const { client, errors, open } = simulateClient();
  const socket = await open();
  await expect(Reflect.apply(client.send, client, given)).rejects.toEqual(code(expected));
  await expect(Reflect.apply(client.request, client, [given[0], given[1], { headers: given[2] }])).rejects.toEqual(
    given.length === 3 && given[2] === null ? code("invalid_headers") : code(expected),
  );
  expect(errors).toEqual([{ error: code(expected), about: given[0] }]);
  expect(socket.received).toHaveLength(1);
});

test("what the server says it takes is the limit, until another server takes more", async () => {
  const { client, network, clock, accept } = simulateClient();
  client.connect();
  await settled();
  network.last.accept();
  network.last.say(encodeWelcome({ id: "a", heartbeatMs: undefined, envelopeBytes: 100, features: [] }));
  await expect(client.send("a", "x".repeat(100))).rejects.toEqual(code("envelope_too_large"));
  network.last.say(`{"eventName":"a","payload":"${"x".repeat(1_000)}"}`);
  expect(client.getSnapshot().status).toBe("open");
  network.last.end();
  await clock.advance(500);
  await accept();
  expect(await client.send("a", "x".repeat(100))).toBe("sent");
});

test("a failure to send that nobody waits for is reported, and no unhandled rejection", async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on("unhandledRejection", note);
  const { client, errors } = simulateClient();
  client.send("zap:ping");
  client.request("zap:ping");
  client.connect();
  client.close(7);
  client.close();
  client.renewToken();
  await settled();
  await settled();
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
  expect(errors).toHaveLength(1);
});

test("a request made offline waits, and is sent and answered", async () => {
  const { client, open } = simulateClient();
  const asked = client.request("sum", [1, 2]);
  const socket = await open();
  const { headers } = socket.events[1] ?? {};
  socket.sayEvent("sum", 3, { zap: { re: headers?.zap?.id } });
  expect(await asked).toBe(3);
});

test("a request whose time is over before it has left never leaves", async () => {
  const { client, clock, open } = simulateClient();
  const late = client.request("late", null, { timeout: 100 });
  const cancelled = new AbortController();
  const given = client.request("given up", null, { signal: cancelled.signal });
  client.send("event");
  await clock.advance(100);
  await expect(late).rejects.toEqual(code("timeout"));
  cancelled.abort();
  await expect(given).rejects.toEqual(code("cancelled"));
  await settled();
  expect(client.getSnapshot().queued).toBe(1);
  expect((await open()).events.map(({ eventName }) => eventName)).toEqual(["zap:hello", "event"]);
});

test("when the connection is lost requests fail at once, and are not sent again", async () => {
  const { client, clock, open, accept } = simulateClient();
  const socket = await open();
  const asked = client.request("a");
  socket.end();
  const waits = client.request("b");
  await expect(asked).rejects.toEqual(code("disconnected"));
  await clock.advance(500);
  const next = await accept();
  expect(next.events.map(({ eventName }) => eventName)).toEqual(["zap:hello", "b"]);
  next.sayEvent("b", "answer", next.events[1] && { zap: { re: next.events[1].headers?.zap?.id } });
  expect(await waits).toBe("answer");
});

test("a request made on one connection is not answered by another", async () => {
  const { client, clock, open, accept } = simulateClient();
  const first = await open();
  const lost = client.request("a");
  const id = first.events[1]?.headers?.zap?.id;
  first.end();
  await expect(lost).rejects.toEqual(code("disconnected"));
  await clock.advance(500);
  const asked = client.request("a");
  const second = await accept();
  const pending: string[] = [];
  asked.then(() => pending.push("answered"));
  second.sayEvent("a", "for the first", { zap: { re: id } });
  await settled();
  expect(pending).toEqual([]);
});

test("a failure is told by its code", async () => {
  const { client, open } = simulateClient();
  const socket = await open();
  const asked = client.request("join");
  socket.sayEvent("error", { code: "full", message: "Full.", details: { max: 2 } }, { zap: { re: "1" } });
  const error: unknown = await asked.catch((failure: unknown) => failure);
  expect(client.isFailure("join", error)).toBe(true);
  expect(client.isFailure("join", new Error("other"))).toBe(false);
  expect(error).toMatchObject({ code: "full", details: { max: 2 } });
});

test("the default report is one line on the console", async () => {
  const lines: unknown[][] = [];
  const { error } = console;
  console.error = (...given) => lines.push(given);
  const { client } = simulateClient();
  const { client: silent } = simulateClient({ onError: console.error });
  silent.send("zap:ping");
  await settled();
  console.error = error;
  expect(lines).toEqual([[code("reserved_event_name"), "zap:ping"]]);
  expect(client.getSnapshot().status).toBe("idle");
});

test("a report that throws harms nobody", async () => {
  const { client, open } = simulateClient({
    onError: () => {
      throw new Error("report");
    },
  });
  const socket = await open();
  client.onEvent("a", () => {
    throw new Error("handler");
  });
  socket.sayEvent("a");
  socket.say("no JSON");
  await settled();
  expect(client.getSnapshot().status).toBe("closed");
});
