// Who holds a client, and what becomes of its connection.
import { afterEach, expect, it } from "vitest";
import { EventRegister } from "zaptools";
import { serve, type ZapServer } from "zaptools/node";
import { hold } from "./hold.ts";
import { ZapClient } from "./node.ts";

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A server that says whenever a connection comes or goes, and a client that has not connected. */
async function start(): Promise<{ client: ZapClient; server: ZapServer; changes: string[] }> {
  const register = new EventRegister();
  const changes: string[] = [];
  register.onEvent("connected", () => void changes.push("connected"));
  register.onEvent("disconnected", () => void changes.push("disconnected"));
  const server = await serve(register, { port: 0 });
  const client = new ZapClient(server.url);
  cleanups.push(
    () => server.close(),
    () => client.close(),
  );
  return { client, server, changes };
}

const closed = (client: ZapClient) =>
  new Promise<void>((resolve) => client.onStateChange((status) => status === "closed" && resolve()));

it("connects a client that is idle, and closes it when the last one lets go", async () => {
  const { client } = await start();
  const first = hold(client);
  const second = hold(client);
  await client.ready();
  const over = closed(client);
  first();
  await Promise.resolve();
  expect(client.getSnapshot().status).toBe("open");
  second();
  await over;
  expect(client.getSnapshot().lastClose).toEqual({ code: 1000, reason: "" });
});

it("keeps the connection over letting go and holding again before the next microtask", async () => {
  const { client, server, changes } = await start();
  let letGo = hold(client);
  letGo();
  letGo = hold(client);
  await client.ready();
  letGo();
  letGo = hold(client);
  await Promise.resolve();
  expect(client.getSnapshot().status).toBe("open");
  const over = closed(client);
  letGo();
  await over;
  await server.close();
  expect(changes).toEqual(["connected", "disconnected"]);
});

it("leaves a client open that was connected before it was held", async () => {
  const { client } = await start();
  await client.connect();
  hold(client)();
  await Promise.resolve();
  expect(client.getSnapshot().status).toBe("open");
});

it("connects a client again that it has closed", async () => {
  const { client } = await start();
  const over = closed(client);
  hold(client)();
  await over;
  hold(client);
  await client.ready();
  expect(client.getSnapshot().status).toBe("open");
});

it("leaves a client alone that was closed by others while it was held", async () => {
  const { client } = await start();
  const first = hold(client);
  await client.ready();
  await client.close(4000, "enough");
  const second = hold(client);
  expect(client.getSnapshot().status).toBe("closed");
  first();
  second();
  await Promise.resolve();
  expect(client.getSnapshot().lastClose).toEqual({ code: 4000, reason: "enough" });
});
