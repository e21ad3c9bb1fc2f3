// What ends a client, what ends a connection only, and how, on a simulated network.
import { expect, test } from "vitest";
import { simulateClient } from "../../test/support/simulated-client.ts";
import { settled } from "../../test/support/sleeping-clock.ts";
import { encodeDraining } from "../protocol/control.ts";

const code = (expected: string) => expect.objectContaining({ code: expected });

test("an address that is none is reported, and closes the client for good", async () => {
  const { client, errors, clock } = simulateClient({ url: "not an address" });
  await expect(client.connect()).rejects.toEqual(code("closed"));
  expect(errors).toHaveLength(1);
  expect(clock.timers).toBe(0);
});

test.each([1000, 1002, 1008, 1009, 4400, 4403, 4409])("after %i from the server it stays closed", async (given) => {
  const { client, network, clock, open } = simulateClient();
  const socket = await open();
  socket.end(given, "because");
  expect(client.getSnapshot()).toMatchObject({ status: "closed", lastClose: { code: given, reason: "because" } });
  await expect(client.ready()).rejects.toEqual(code("closed"));
  await clock.advance(1_000_000);
  expect(network.sockets).toHaveLength(1);
  expect(clock.timers).toBe(0);
});

test("a closed client can connect again", async () => {
  const { client, open, network } = simulateClient();
  (await open()).end(1000);
  await open();
  expect(client.getSnapshot()).toMatchObject({ status: "open", attempt: 0 });
  expect(network.sockets).toHaveLength(2);
});

test("4401 gets a new token once, then the client stays closed", async () => {
  let asked = 0;
  const { client, clock, open, accept } = simulateClient({ token: () => `token ${++asked}` });
  (await open()).end(4401);
  await clock.advance(500);
  expect(asked).toBe(2);
  (await accept()).end(4401);
  expect(client.getSnapshot().status).toBe("closed");
});

test("1012 comes back at a random moment of the announced window", async () => {
  const simulated = simulateClient();
  const { client, clock, open } = simulated;
  const socket = await open();
  socket.say(encodeDraining({ windowMs: 60_000 }));
  simulated.random = 0.5;
  socket.end(1012);
  expect(client.getSnapshot()).toMatchObject({ status: "waiting", retryAt: clock.now() + 30_000 });
});

test("the application may decide otherwise, and fail at it, and close the client while at it", async () => {
  const { client, errors, open } = simulateClient({
    shouldReconnect: ({ code }) => {
      if (code === 4000) throw new Error("undecided");
      if (code === 4001) client.close();
      return code === 1000;
    },
  });
  (await open()).end(1000);
  expect(client.getSnapshot().status).toBe("waiting");
  await client.close();
  (await open()).end(1006);
  expect(client.getSnapshot().status).toBe("closed");
  (await open()).end(4000);
  expect(client.getSnapshot().status).toBe("closed");
  await settled();
  expect(errors).toEqual([{ error: new Error("undecided"), about: "shouldReconnect" }]);
  (await open()).end(4001);
  expect(client.getSnapshot().status).toBe("closed");
});

test("closing stops the waiting", async () => {
  const { client, network, clock, open } = simulateClient();
  (await open()).end();
  await client.close();
  await clock.advance(1_000_000);
  expect(network.sockets).toHaveLength(1);
  expect(client.getSnapshot()).toMatchObject({ status: "closed", lastClose: { code: 1000, reason: "" } });
});

test("closing while address and token are asked for opens nothing", async () => {
  const { client, network, clock } = simulateClient({ token: async () => "t" });
  const connected = client.connect();
  client.close();
  await expect(connected).rejects.toEqual(code("closed"));
  await clock.advance(1_000_000);
  expect(network.sockets).toHaveLength(0);
});

test("closing while the socket opens lets it go", async () => {
  const { client, network } = simulateClient();
  client.connect().catch(() => {});
  await settled();
  client.close();
  network.last.accept();
  expect(network.last.closedWith).toEqual([1000, ""]);
  expect(client.getSnapshot().status).toBe("closed");
});

test("closing tells the server code and reason, and resolves when the socket has closed", async () => {
  const { client, open, clock } = simulateClient();
  const socket = await open();
  await client.close(4000, "é".repeat(62));
  expect(socket.closedWith).toEqual([4000, "é".repeat(61)]);
  expect(socket.readyState).toBe(3);
  expect(clock.timers).toBe(0);
});

test("closing waits 3 s for a server that does not answer, and twice is the same", async () => {
  const { client, open, clock } = simulateClient();
  const socket = await open();
  socket.link = "half-open";
  const ended: string[] = [];
  client.close().then(() => ended.push("first"));
  client.close().then(() => ended.push("second"));
  expect(client.getSnapshot().status).toBe("closed");
  await clock.advance(2_999);
  expect(ended).toEqual([]);
  await clock.advance(1);
  await settled();
  expect(ended).toEqual(["first", "second"]);
});

test.each([
  0,
  999,
  1001,
  1005,
  2999,
  5000,
  Number.NaN,
])("closing with %d is refused, and closes nothing", async (given) => {
  const { client, open } = simulateClient();
  await open();
  await expect(client.close(given)).rejects.toEqual(code("invalid_close_code"));
  expect(client.getSnapshot().status).toBe("open");
});

test("a client that never connected can be closed, and disposed of", async () => {
  const { client } = simulateClient();
  await client.close();
  await client[Symbol.asyncDispose]();
  expect(client.getSnapshot().status).toBe("closed");
});

test.each([
  "no JSON",
  "[]",
  '{"eventName":7}',
  '{"eventName":""}',
  '{"eventName":"a","headers":[]}',
  new Uint8Array([1]),
  `{"eventName":"${"x".repeat(200)}"}`,
  `{"eventName":"a","payload":"${"x".repeat(70_000)}"}`,
  `{"eventName":"a","payload":${"[".repeat(80)}${"]".repeat(80)}}`,
])("a frame that is no envelope is reported once, and closes the client with 4400: %.40s", async (frame) => {
  const { client, errors, open, clock } = simulateClient();
  const events: unknown[] = [];
  client.onAnyEvent((event) => events.push(event));
  const socket = await open();
  socket.say(frame);
  socket.say(frame);
  await settled();
  expect(socket.closedWith?.[0]).toBe(4400);
  expect(client.getSnapshot()).toMatchObject({ status: "closed", lastClose: { code: 4400 } });
  expect(errors).toEqual([{ error: code("bad_envelope"), about: "received" }]);
  expect(events).toEqual([]);
  expect(clock.timers).toBe(0);
});
