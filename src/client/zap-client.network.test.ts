// What a client makes of networks that come and go and of silence, on a simulated network.
import { expect, test } from "vitest";
import { simulateClient } from "../../test/support/simulated-client.ts";
import { settled } from "../../test/support/sleeping-clock.ts";
import { HELLO_TEXT, PING_TEXT, PONG_TEXT } from "../protocol/control.ts";

test("going offline drops the connection at once, and nothing is tried until it is back", async () => {
  const simulated = simulateClient();
  const { client, network, clock, open, signal, accept } = simulated;
  const socket = await open();
  await clock.advance(6_000);
  signal("offline");
  expect(client.getSnapshot()).toMatchObject({ status: "offline", lastClose: { code: 1006, reason: "offline" } });
  expect(socket.readyState).toBe(2);
  expect(clock.timers).toBe(0);
  await clock.advance(1_000_000);
  expect(network.sockets).toHaveLength(1);
  signal("online");
  await clock.advance(100);
  expect(network.sockets).toHaveLength(2);
  await accept();
  expect(client.getSnapshot().status).toBe("open");
});

test("a network that flaps is no reason to dial more than ten times a second", async () => {
  const { client, network, clock, signal } = simulateClient();
  client.connect();
  for (let ms = 0; ms < 1_000; ms += 5) {
    signal(ms % 10 === 0 ? "offline" : "online");
    await clock.advance(5);
  }
  expect(network.sockets.length).toBeLessThanOrEqual(11);
  signal("online");
  await clock.advance(100);
  expect(client.getSnapshot().status).toBe("connecting");
});

test("coming back ends a long wait", async () => {
  const { client, network, clock, signal } = simulateClient();
  client.connect();
  for (let attempt = 0; attempt < 8; attempt++) {
    await settled();
    network.last.end();
    const { retryAt = 0 } = client.getSnapshot();
    if (attempt < 7) await clock.advance(retryAt - clock.now());
  }
  signal("online");
  await clock.advance(100);
  expect(network.sockets).toHaveLength(9);
});

test("trying to reconnect brings the next attempt forward, connects a client that has not, and wakes one offline", async () => {
  const { client, network, clock, signal } = simulateClient();
  client.tryReconnect();
  await settled();
  expect(network.sockets).toHaveLength(1);
  signal("offline");
  client.tryReconnect();
  await clock.advance(100);
  expect(network.sockets).toHaveLength(2);
});

test("the network's signals are listened to from connecting to closing", async () => {
  const simulated = simulateClient();
  expect(simulated.watchers).toBe(0);
  const socket = await simulated.open();
  expect(simulated.watchers).toBe(1);
  socket.end();
  expect(simulated.watchers).toBe(1);
  await simulated.client.close();
  expect(simulated.watchers).toBe(0);
});

test("a server that welcomes is asked after its heartbeat, and given up when it does not answer", async () => {
  const { client, clock, open } = simulateClient();
  const socket = await open();
  await clock.advance(24_999);
  expect(socket.received).toHaveLength(1);
  await clock.advance(1);
  expect(socket.received.at(-1)).toBe(PING_TEXT);
  await clock.advance(40);
  socket.say(PONG_TEXT);
  expect(client.getSnapshot().latency).toBe(40);
  await clock.advance(25_000 + 9_999);
  expect(client.getSnapshot().status).toBe("open");
  await clock.advance(1);
  expect(client.getSnapshot()).toMatchObject({ status: "waiting", lastClose: { code: 1006 } });
  expect(socket.closedWith).toBeDefined();
});

test("a plain server is left in peace", async () => {
  const { client, clock, signal, open } = simulateClient();
  const socket = await open("plain");
  await clock.advance(10_000_000);
  signal("online");
  expect(client.features.size).toBe(0);
  expect(socket.received).toEqual([HELLO_TEXT]);
  expect(clock.timers).toBe(0);
  expect(client.getSnapshot()).toMatchObject({ status: "open", latency: undefined });
});

test("waking up asks at once whether an open connection is still there", async () => {
  const { client, clock, signal, open } = simulateClient();
  const socket = await open();
  signal("online");
  expect(socket.received.at(-1)).toBe(PING_TEXT);
  await clock.advance(10_000);
  expect(client.getSnapshot().status).toBe("waiting");
});
