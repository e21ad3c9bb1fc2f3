// How a client connects and tries again, on a simulated network.
import { expect, test } from "vitest";
import { simulateClient } from "../../test/support/simulated-client.ts";
import { settled } from "../../test/support/sleeping-clock.ts";
import { HELLO_TEXT } from "../protocol/control.ts";

test("it goes from idle over connecting to open, and says hello first", async () => {
  const { client, statuses, open } = simulateClient();
  const socket = await open();
  expect(statuses).toEqual(["idle", "connecting", "open"]);
  expect(socket.received).toEqual([HELLO_TEXT]);
  await client.connect();
  await client.ready();
});

test("connecting twice opens one socket", async () => {
  const { client, network, open } = simulateClient();
  client.connect();
  client.connect();
  await open();
  expect(network.sockets).toHaveLength(1);
});

test("connect waits through attempts that fail, and delays grow with each", async () => {
  const { client, network, clock, accept } = simulateClient();
  const connected = client.connect();
  const delays: number[] = [];
  for (let attempt = 0; attempt < 9; attempt++) {
    await settled();
    expect(client.getSnapshot()).toMatchObject({ status: "connecting", attempt });
    network.last.end();
    const { status, retryAt = 0 } = client.getSnapshot();
    expect(status).toBe("waiting");
    delays.push(retryAt - clock.now());
    await clock.advance(retryAt - clock.now() - 1);
    expect(network.sockets).toHaveLength(attempt + 1);
    await clock.advance(1);
  }
  expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  await accept();
  await connected;
});

test("delays start over only after a connection that lasted 5 s", async () => {
  const { client, clock, open, accept } = simulateClient();
  (await open()).end();
  await clock.advance(500);
  const shortlived = await accept();
  await clock.advance(4_999);
  shortlived.end();
  expect(client.getSnapshot()).toMatchObject({ attempt: 1, retryAt: clock.now() + 1_000 });
  await clock.advance(1_000);
  const stable = await accept();
  await clock.advance(5_000);
  stable.end();
  expect(client.getSnapshot()).toMatchObject({ attempt: 0, retryAt: clock.now() + 500 });
});

test("even without luck there is a delay before every attempt", async () => {
  const simulated = simulateClient();
  simulated.random = 0;
  const { network, clock, open } = simulated;
  (await open()).end();
  for (let attempt = 1; attempt < 20; attempt++) {
    await clock.advance(99);
    expect(network.sockets).toHaveLength(attempt);
    await clock.advance(1);
    network.last.end();
  }
});

test("address and token are asked for on every attempt", async () => {
  let asked = 0;
  const { network, clock, open } = simulateClient({
    url: async () => `wss://server/${++asked}`,
    token: () => `token ${asked}`,
  });
  (await open()).end();
  await clock.advance(500);
  expect(network.sockets.map(({ url }) => url)).toEqual(["wss://server/1", "wss://server/2"]);
  expect(network.sockets.map(({ protocols }) => protocols?.[0])).toEqual(["zap.v1", "zap.v1"]);
  expect(network.sockets[0]?.protocols?.[1]).not.toBe(network.sockets[1]?.protocols?.[1]);
});

test("without a token no subprotocol is offered", async () => {
  const { network, open } = simulateClient({ token: async () => undefined });
  await open();
  expect(network.last.protocols).toBeUndefined();
});

test.each(["url", "token"] as const)("an attempt is over after 10 s, also when %s never answers", async (source) => {
  const { client, network, clock } = simulateClient({ [source]: () => new Promise<string>(() => {}) });
  client.connect();
  await clock.advance(9_999);
  expect(client.getSnapshot().status).toBe("connecting");
  await clock.advance(1);
  expect(client.getSnapshot()).toMatchObject({ status: "waiting", lastClose: { code: 1006, reason: "timeout" } });
  expect(network.sockets).toHaveLength(0);
});

test("an attempt is over after 10 s when the socket does not open, and the socket is let go", async () => {
  const { client, network, clock } = simulateClient();
  client.connect();
  await clock.advance(10_000);
  expect(client.getSnapshot().status).toBe("waiting");
  const [late] = network.sockets;
  expect(late?.readyState).toBe(2);
  late?.accept();
  expect(client.getSnapshot().status).toBe("waiting");
});

test("an address that comes too late opens nothing", async () => {
  const answers: ((url: string) => void)[] = [];
  const { client, network, clock } = simulateClient({ url: () => new Promise((resolve) => answers.push(resolve)) });
  client.connect();
  await clock.advance(10_000 + 500);
  answers[0]?.("wss://server/late");
  await settled();
  expect(network.sockets).toHaveLength(0);
  answers[1]?.("wss://server/now");
  await settled();
  expect(network.sockets.map(({ url }) => url)).toEqual(["wss://server/now"]);
});

test.each(["url", "token"] as const)("%s that fails is reported, and tried again after a delay", async (source) => {
  const { client, errors, clock } = simulateClient({
    [source]: () => {
      throw new Error("no");
    },
  });
  client.connect();
  await clock.advance(0);
  expect(errors).toEqual([{ error: new Error("no"), about: "connect" }]);
  expect(client.getSnapshot().status).toBe("waiting");
  await clock.advance(500);
  expect(errors).toHaveLength(2);
});
