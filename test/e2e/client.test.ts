// The client against a real server of ours, over real sockets.

import { afterEach, expect, test } from "vitest";
import { EventRegister, type Untyped, ZapError } from "zaptools";
import { type ClientOptions, ZapClient } from "zaptools/client";
import { serve, type ZapServer } from "zaptools/node";

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(register: EventRegister, port = 0): Promise<ZapServer> {
  const server = await serve(register, { port });
  cleanups.push(() => server.close());
  return server;
}

function clientOf(server: ZapServer, options: ClientOptions<Untyped> = {}): ZapClient {
  // The shortest of all delays: these tests are about what happens, not about when.
  const client = new ZapClient(server.url, { random: () => 0, ...options });
  cleanups.push(() => client.close());
  return client;
}

test("what was sent before the connection was open arrives first", async () => {
  const register = new EventRegister();
  const got: unknown[] = [];
  register.onEvent("say", ({ payload, connection }) => {
    got.push(payload);
    if (payload === 3) connection.send("done");
  });
  const client = clientOf(await start(register));
  const done = client.events("done");
  expect(await client.send("say", 1)).toBe("queued");
  expect(await client.send("say", 2)).toBe("queued");
  await client.connect();
  expect(await client.send("say", 3)).toBe("sent");
  await done.next();
  expect(got).toEqual([1, 2, 3]);
});

test("a request is answered, and a meant failure arrives with its code and details", async () => {
  const register = new EventRegister();
  register.onEvent("add", ({ payload }) => (payload as number) + 1);
  register.onEvent("fail", () => {
    throw new ZapError("room_full", "Full.", { max: 2 });
  });
  const client = clientOf(await start(register));
  await client.connect();
  expect(await client.request("add", 1)).toBe(2);
  await expect(client.request("fail")).rejects.toMatchObject({ code: "room_full", details: { max: 2 } });
  await expect(client.request("nobody")).rejects.toMatchObject({ code: "unknown_event" });
});

test("the server asks, the client's handler answers", async () => {
  const register = new EventRegister();
  register.onEvent("go", async ({ connection }) => [
    await connection.request("double", 4),
    await connection.request("nothing").catch((error: ZapError) => error.code),
    await connection.request("throws").catch((error: ZapError) => error.code),
  ]);
  const reported: unknown[] = [];
  const client = clientOf(await start(register), { onError: (error) => reported.push(error) });
  client.onEvent("double", ({ payload }) => (payload as number) * 2);
  client.onEvent("throws", () => {
    throw new Error("secret");
  });
  await client.connect();
  expect(await client.request("go")).toEqual([8, "unknown_event", "internal"]);
  expect(reported).toHaveLength(1);
});

test("the client comes back when the server does, and each handler still runs once", async () => {
  const register = new EventRegister();
  register.onEvent("echo", ({ payload, connection }) => connection.send("echo", payload));
  const first = await serve(register, { port: 0 });
  const client = clientOf(first);
  const got: unknown[] = [];
  client.onEvent("echo", ({ payload }) => got.push(payload));
  await client.connect();
  const lost = new Promise<void>((resolve) => client.onDisconnected(() => resolve()));
  await first.close();
  await lost;
  client.send("echo", "while away");
  await start(register, first.port);
  await client.ready();
  const echoes = client.events("echo");
  client.send("echo", "back");
  for await (const { payload } of echoes) if (payload === "back") break;
  expect(got).toEqual(["while away", "back"]);
});

test("closed on purpose by the client: it stays closed", async () => {
  const register = new EventRegister();
  const closes: unknown[] = [];
  const ended = new Promise<void>((resolve) =>
    register.onEvent("disconnected", ({ payload }) => {
      closes.push(payload);
      resolve();
    }),
  );
  const client = clientOf(await start(register));
  await client.connect();
  await client.close(4000, "bye");
  await ended;
  expect(closes).toEqual([{ code: 4000, reason: "bye" }]);
  expect(client.getSnapshot().status).toBe("closed");
  expect(await client.send("x")).toBe("dropped");
});
