// What our client and a server of another language have to be able to do together. Starts no server itself.
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { type ClientOptions, ZapClient } from "zaptools/client";
import type { Untyped } from "../../src/protocol/contract-types.ts";
import { freePort } from "../support/free-port.ts";
import { ManualClock } from "../support/manual-clock.ts";
import type { Program } from "./program.ts";
import type { Toolchain } from "./toolchains.ts";
import { VALUES } from "./values.ts";

/** A server of another language. */
export interface SiblingServer {
  readonly toolchain: Toolchain;
  /** Starts it on this port, and resolves when it listens. */
  readonly start: (port: number) => Promise<Program>;
  /** What the client sees when the sibling's own close() ends the connection. */
  readonly closes: number;
  /** What it sees when the server is stopped with SIGTERM. */
  readonly stops: number;
}

/** A client that comes back at once, and is closed after the test. */
export function clientOf(url: string, options: ClientOptions<Untyped> = {}): ZapClient {
  const client = new ZapClient(url, { random: () => 0, ...options });
  onTestFinished(() => client.close());
  return client;
}

/** The next event of this name. */
function next(client: ZapClient, eventName: string): Promise<{ payload: unknown; headers: object }> {
  return new Promise((resolve) => client.once(eventName, resolve));
}

/** What the server answers with an event of the same name. */
export async function tell(client: ZapClient, eventName: string, payload?: unknown): Promise<unknown> {
  const answer = next(client, eventName);
  await client.send(eventName, payload);
  return (await answer).payload;
}

/** How the next connection ends. */
export const lost = (client: ZapClient) =>
  new Promise<{ code: number; reason: string }>((resolve) => client.onDisconnected(resolve));

/** Runs the suite over one server. */
export function siblingServer(name: string, { toolchain, start, closes, stops }: SiblingServer): void {
  describe(`our client and ${name}`, () => {
    let url = "";
    let server: Program | undefined;

    beforeEach(toolchain.needed);
    beforeAll(async () => {
      if (!toolchain.isHere) return;
      const port = await freePort();
      url = addressOf(port);
      server = await start(port);
    });
    afterAll(() => server?.stop());

    const connected = async (options?: ClientOptions<Untyped>) => {
      const client = clientOf(url, options);
      await client.connect();
      return client;
    };

    it("greet each other", async () => {
      const client = await connected();
      expect(await tell(client, "hello")).toBe("HELLO FROM SERVER !!!");
    });

    it.each(VALUES)("carry %s both ways", async (_what, payload) => {
      const client = await connected();
      expect(await tell(client, "echo", payload)).toEqual(payload);
    });

    it("carry headers both ways, and none where there are none", async () => {
      const client = await connected();
      const headers = { trace: "4bf92f35", größe: { depth: [1, null] } };
      const echoed = next(client, "echo");
      await client.send("echo", 1, headers);
      expect((await echoed).headers).toEqual(headers);
      const bare = next(client, "echo");
      await client.send("echo", 1);
      expect((await bare).headers).toEqual({});
    });

    it("keep the order, in both directions, also of what was sent before the connection was open", async () => {
      const client = clientOf(url);
      const got: unknown[] = [];
      client.onEvent("echo", ({ payload }) => got.push(payload));
      client.onEvent("number", ({ payload }) => got.push(payload));
      const numbers = Array.from({ length: 100 }, (_, index) => index);
      for (const number of numbers) client.send("echo", number);
      client.send("count", 100);
      await client.connect();
      await tell(client, "hello");
      expect(got).toEqual([...numbers, ...numbers]);
    });

    it("take events called connected and error for events like any other", async () => {
      const client = clientOf(url);
      const greeting = next(client, "connected");
      await client.connect();
      expect((await greeting).payload).toEqual({ id: expect.stringMatching(/^zpt-/) });
      const failure = next(client, "error");
      await client.send("raise");
      expect((await failure).payload).toMatch(/raise[\s\S]*on purpose/);
      expect(await tell(client, "hello")).toBe("HELLO FROM SERVER !!!");
    });

    it("pass over events that the other does not handle", async () => {
      const client = await connected();
      await client.send("nobody handles this", { a: 1 });
      expect(await tell(client, "hello")).toBe("HELLO FROM SERVER !!!");
    });

    it("stay in plain mode: no control event but the first hello, however long it is quiet", async () => {
      const clock = new ManualClock();
      const client = await connected({ clock });
      await tell(client, "hello");
      clock.advance(24 * 3_600_000);
      expect(await tell(client, "hello")).toBe("HELLO FROM SERVER !!!");
      expect(client.features.size).toBe(0);
      expect(client.getSnapshot()).toMatchObject({ status: "open", attempt: 0, latency: undefined });
      // Of all clients of this suite so far.
      expect(new Set((await tell(client, "control events")) as string[])).toEqual(new Set(["zap:hello"]));
    });

    it("answer a request where the server does it by hand, and fail one with its code and details", async () => {
      const client = await connected();
      expect(await client.request("sum", [1, 2, 3])).toBe(6);
      const failure = { code: "room_full", message: "The room is full.", details: { max: 12 } };
      await expect(client.request("join")).rejects.toMatchObject(failure);
      expect(await Promise.all([client.request("sum", [1]), client.request("sum", [2])])).toEqual([1, 2]);
    });

    it("give up a request that nobody answers, and go on", async () => {
      const client = await connected();
      await expect(client.request("nobody", null, { timeout: 100 })).rejects.toMatchObject({ code: "timeout" });
      expect(await client.request("sum", [4])).toBe(4);
    });

    it("do not meet when the client offers a token, for no sibling answers an offer of subprotocols", async () => {
      const client = clientOf(url, { token: "secret", shouldReconnect: () => false });
      await expect(client.connect()).rejects.toMatchObject({ code: "closed" });
      expect(client.getSnapshot().lastClose).toMatchObject({ code: 1_006 });
    });

    it("end when the client closes, which the server sees with code and reason", async () => {
      const client = await connected();
      await client.close(4_001, "bye, ¡adiós!");
      const other = await connected();
      const seen = async () => (await tell(other, "endings")) as readonly { readonly code: number }[];
      let ending = (await seen()).find(({ code }) => code === 4_001);
      // Another connection may be served before this one's end is.
      while (ending === undefined) ending = (await seen()).find(({ code }) => code === 4_001);
      expect(ending).toEqual({ code: 4_001, reason: "bye, ¡adiós!" });
    });

    it(`see ${closes} when the server's own close() ends the connection`, async () => {
      const client = await connected();
      const close = lost(client);
      client.send("close");
      expect((await close).code).toBe(closes);
      if (closes === 1_000) expect(client.getSnapshot().status).toBe("closed");
      else await client.ready();
    });

    it("see the application's code and reason, and connect again, for it is in no table", async () => {
      const client = await connected();
      const close = lost(client);
      client.send("close with", { code: 4_321, reason: "try again" });
      expect(await close).toMatchObject({ code: 4_321, reason: "try again" });
      await client.ready();
      expect(await tell(client, "hello")).toBe("HELLO FROM SERVER !!!");
    });

    it("stay apart after a code of the table that says so", async () => {
      const client = await connected();
      const close = lost(client);
      client.send("close with", { code: 4_403, reason: "forbidden" });
      expect(await close).toMatchObject({ code: 4_403 });
      expect(client.getSnapshot().status).toBe("closed");
    });

    it("find each other again after the server was killed: handlers run once, what was sent meanwhile arrives", async () => {
      const port = await freePort();
      const first = await start(port);
      onTestFinished(() => first.stop());
      const client = clientOf(addressOf(port));
      const got: unknown[] = [];
      client.onEvent("echo", ({ payload }) => got.push(payload));
      await client.connect();
      const close = lost(client);
      await first.stop("SIGKILL");
      expect((await close).code).toBe(1_006);
      expect(await client.send("echo", "meanwhile")).toBe("queued");
      const second = await start(port);
      onTestFinished(() => second.stop());
      await client.ready();
      expect(await tell(client, "hello")).toBe("HELLO FROM SERVER !!!");
      expect(got).toEqual(["meanwhile"]);
    });

    it(`part with ${stops} when the server is stopped in good order, and find each other again`, async () => {
      const port = await freePort();
      const first = await start(port);
      onTestFinished(() => first.stop());
      // What says that the application meant to end it would keep the client away.
      const options = stops === 1_000 ? { shouldReconnect: () => true } : {};
      const client = clientOf(addressOf(port), options);
      await client.connect();
      const close = lost(client);
      await first.stop("SIGTERM");
      expect((await close).code).toBe(stops);
      const second = await start(port);
      onTestFinished(() => second.stop());
      await client.ready();
      expect(await tell(client, "hello")).toBe("HELLO FROM SERVER !!!");
    });
  });
}

function addressOf(port: number): string {
  return `ws://127.0.0.1:${port}/ws`;
}
