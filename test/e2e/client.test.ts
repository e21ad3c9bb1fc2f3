// The client against a server of ours, over real sockets.
import { describe, expect, it } from "vitest";
import type { ClientOptions } from "../../src/client/client-types.ts";
import { ZapClient } from "../../src/client/node.ts";
import type { Untyped } from "../../src/protocol/contract-types.ts";
import { ZapError } from "../../src/protocol/errors.ts";
import { cleanUp, newRegister, served } from "../support/node-server.ts";
import { tcpProxy } from "../support/tcp-proxy.ts";

/** A client that comes back quickly, and is closed after the test. */
function clientOf(url: string, options: ClientOptions<Untyped> = {}): ZapClient {
  const client = new ZapClient(url, { random: () => 0, ...options });
  cleanUp.push(() => client.close());
  return client;
}

const lost = (client: ZapClient) => new Promise((resolve) => client.onDisconnected(resolve));

/** The server has said what it can do: until then the first latency is not known. */
const welcomed = (client: ZapClient) =>
  new Promise<void>((resolve) => client.subscribe(({ latency }) => latency !== undefined && resolve()));

describe("events and requests", () => {
  it("arrive in the order they were sent, also those from before the connection was open", async () => {
    const register = newRegister();
    const got: unknown[] = [];
    register.onEvent("say", ({ payload, connection }) => {
      got.push(payload);
      if (payload === 3) connection.send("done");
    });
    const client = clientOf((await served(register)).url);
    const done = client.events("done");
    expect(await client.send("say", 1)).toBe("queued");
    expect(await client.send("say", 2)).toBe("queued");
    await client.connect();
    expect(await client.send("say", 3)).toBe("sent");
    await done.next();
    expect(got).toEqual([1, 2, 3]);
  });

  it("are answered, and a meant failure comes with its code and details", async () => {
    const register = newRegister();
    register.onEvent("error", () => {});
    register.onEvent("add", ({ payload }) => Number(payload) + 1);
    register.onEvent("fail", () => {
      throw new ZapError("room_full", "Full.", { max: 2 });
    });
    const client = clientOf((await served(register)).url);
    await client.connect();
    expect(await client.request("add", 1)).toBe(2);
    await expect(client.request("fail")).rejects.toMatchObject({ code: "room_full", details: { max: 2 } });
    await expect(client.request("nobody")).rejects.toMatchObject({ code: "unknown_event" });
  });

  it("go the other way too: the server asks, the client's handler answers", async () => {
    const register = newRegister();
    const codeOf = (error: unknown) => (error instanceof ZapError ? error.code : error);
    register.onEvent("go", async ({ connection }) => [
      await connection.request("double", 4),
      await connection.request("nothing").catch(codeOf),
      await connection.request("throws").catch(codeOf),
    ]);
    const reported: unknown[] = [];
    const client = clientOf((await served(register)).url, { onError: (error) => reported.push(error) });
    client.onEvent("double", ({ payload }) => Number(payload) * 2);
    client.onEvent("throws", () => {
      throw new Error("secret");
    });
    await client.connect();
    expect(await client.request("go")).toEqual([8, "unknown_event", "internal"]);
    expect(reported).toHaveLength(1);
  });
});

describe("a server of ours", () => {
  it("welcomes the client, answers its pings and says what it takes", async () => {
    const register = newRegister({ limits: { heartbeatMs: 100, envelopeBytes: 1_000 } });
    const client = clientOf((await served(register)).url);
    await client.connect();
    await welcomed(client);
    expect(client.features.size).toBeGreaterThan(0);
    await expect(client.send("a", "x".repeat(1_000))).rejects.toMatchObject({ code: "envelope_too_large" });
  });

  it("that goes away announces it, and the client comes back to its successor", async () => {
    const register = newRegister();
    register.onEvent("echo", ({ payload, connection }) => connection.send("echo", payload));
    const first = await served(register);
    const client = clientOf(first.url);
    const got: unknown[] = [];
    client.onEvent("echo", ({ payload }) => got.push(payload));
    await client.connect();
    const ended = lost(client);
    await first.close({ drain: 50 });
    expect(await ended).toMatchObject({ code: 1012 });
    client.send("echo", "while away");
    await served(register, { port: first.port });
    await client.ready();
    const echoes = client.events("echo");
    client.send("echo", "back");
    for await (const { payload } of echoes) if (payload === "back") break;
    expect(got).toEqual(["while away", "back"]);
  });

  it("hears why a client closed, and the client stays closed", async () => {
    const register = newRegister();
    const ended = new Promise((resolve) => {
      register.onEvent("disconnected", ({ payload }) => resolve(payload));
    });
    const client = clientOf((await served(register)).url);
    await client.connect();
    await client.close(4000, "bye");
    expect(await ended).toEqual({ code: 4000, reason: "bye" });
    expect(client.getSnapshot().status).toBe("closed");
    expect(await client.send("x")).toBe("dropped");
  });
});

describe("a network that breaks", () => {
  it("is noticed when nobody is there any more, and the client comes back", async () => {
    const register = newRegister({ limits: { heartbeatMs: 200 } });
    const server = await served(register);
    const proxy = await tcpProxy(server.port);
    cleanUp.push(() => proxy.close());
    const client = clientOf(`ws://127.0.0.1:${proxy.port}/ws`, { limits: { heartbeatTimeoutMs: 200 } });
    await client.connect();
    await welcomed(client);
    const ended = lost(client);
    proxy.halfOpen();
    expect(await ended).toMatchObject({ code: 1006 });
    await client.ready();
  });

  it(
    "costs no event twice and no request its answer or failure: 200 clients, 20 cuts",
    { timeout: 120_000 },
    async () => {
      const register = newRegister({ limits: { eventsPerSecond: Number.POSITIVE_INFINITY } });
      const handled = new Map<unknown, number>();
      const count = (payload: unknown) => handled.set(payload, (handled.get(payload) ?? 0) + 1);
      register.onEvent("say", ({ payload }) => void count(payload));
      register.onEvent("ask", ({ payload }) => {
        count(payload);
        return payload;
      });
      const server = await served(register);
      const proxy = await tcpProxy(server.port);
      cleanUp.push(() => proxy.close());
      const clients = Array.from({ length: 200 }, () => clientOf(`ws://127.0.0.1:${proxy.port}/ws`));
      await Promise.all(clients.map((client) => client.connect()));

      const asked: Promise<unknown>[] = [];
      const told: [outcome: string, event: string][] = [];
      for (let round = 0; round < 20; round++) {
        const before = asked.length;
        for (const [index, client] of clients.entries()) {
          const event = `say ${index} ${round}`;
          client.send("say", event).then((outcome) => told.push([outcome, event]));
          const question = `ask ${index} ${round}`;
          asked.push(
            client.request("ask", question).then(
              (answer) => ({ question, answer }),
              (error) => ({ question, code: error.code }),
            ),
          );
        }
        // Cut at once, when the first answer is there, and when half of them are.
        const answers = asked.slice(before);
        if (round % 3 === 1) await Promise.race(answers);
        if (round % 3 === 2) await Promise.all(answers.slice(0, 100));
        const gone = Promise.all(clients.map(lost));
        proxy.cut();
        await gone;
        await Promise.all(clients.map((client) => client.ready()));
      }
      const outcomes = await Promise.all(asked);
      for (const outcome of outcomes) {
        const { question } = outcome as { question: string };
        expect([
          { question, answer: question },
          { question, code: "disconnected" },
        ]).toContainEqual(outcome);
      }
      expect(outcomes).toHaveLength(4_000);
      expect(told).toHaveLength(4_000);
      expect(Math.max(...handled.values())).toBe(1);
      const answered = outcomes.filter((outcome) => "answer" in Object(outcome)).length;
      console.log(`${answered} of 4000 requests answered, the others failed; no event was handled twice`);
    },
  );
});
