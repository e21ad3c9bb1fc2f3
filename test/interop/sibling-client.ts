// What our server and a client of another language have to be able to do together. Starts no client itself.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { beforeEach, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { ZapError } from "zaptools";
import { NodeConnector } from "zaptools/node";
import { cleanUp, newRegister, served } from "../support/node-server.ts";
import type { Ending, Envelope, SiblingClient } from "./driven-client.ts";
import { VALUES } from "./values.ts";

/** Clients of a language. */
export interface SiblingClients {
  readonly needed?: Parameters<typeof beforeEach>[0];
  readonly connect: (url: string) => Promise<SiblingClient>;
  /** The code our server sees when the client's own close ends the connection. */
  readonly closes: number;
}

const named = (name: string) => (envelope: Envelope) => envelope.eventName === name;
const zapOf = ({ headers }: Envelope) => headers?.zap as { readonly id?: string; readonly re?: string } | undefined;
const answering = (id: string) => (envelope: Envelope) => zapOf(envelope)?.re === id;

/** An application with something of everything. */
export function exampleApp(options: Parameters<typeof newRegister>[0] = {}) {
  const register = newRegister(options);
  register.onEvent("hello", ({ connection }) => connection.send("hello", "HELLO FROM SERVER !!!"));
  register.onEvent("echo", ({ connection, payload, headers }) => connection.send("echo", payload, { ...headers }));
  register.onEvent("count", ({ connection, payload }) => {
    for (let number = 0; number < Number(payload); number++) connection.send("number", number);
  });
  register.onEvent("sum", ({ payload }) => (payload as number[]).reduce((sum, number) => sum + number, 0));
  register.onEvent("join", () => {
    throw new ZapError("room_full", "The room is full.", { max: 12 });
  });
  const names = new WeakMap<object, unknown>();
  register.onEvent("ask me", async ({ connection }) => {
    names.set(connection, await connection.request("your name"));
  });
  register.onEvent("who am I", ({ connection }) => names.get(connection) ?? null);
  register.onEvent("enter", async ({ connection, payload, connections }) => {
    await connection.join(String(payload));
    await connections.room(String(payload)).send("entered", connections.room(String(payload)).size);
  });
  register.onEvent("close with", ({ connection, payload }) => {
    const { code, reason } = payload as Ending;
    connection.close(code, reason);
  });
  register.onEvent("error", () => {});
  return register;
}

/** Runs the suite over the clients of one language. */
export function siblingClient(name: string, { needed, connect, closes }: SiblingClients): void {
  describe(`our server and ${name}`, () => {
    if (needed !== undefined) beforeEach(needed);

    const joining = async (url: string) => {
      const client = await connect(url);
      cleanUp.push(() => client.stop());
      return client;
    };
    const connected = async (register = exampleApp()) => joining((await served(register)).url);

    it("greet each other", async () => {
      const client = await connected();
      client.send("hello", { from: "afar" });
      expect((await client.next(named("hello"))).payload).toBe("HELLO FROM SERVER !!!");
    });

    it.each(VALUES)("carry %s both ways", async (_what, payload) => {
      const client = await connected();
      client.send("echo", payload);
      expect((await client.next(named("echo"))).payload).toEqual(payload);
    });

    it("carry headers both ways", async () => {
      const client = await connected();
      const headers = { trace: "4bf92f35", größe: { depth: [1, null] } };
      client.send("echo", 1, headers);
      expect((await client.next(named("echo"))).headers).toEqual(headers);
    });

    it("agree on no headers, however each writes them", async () => {
      const register = exampleApp();
      const seen: unknown[] = [];
      register.onEvent("bare", ({ headers, connection }) => {
        seen.push({ ...headers });
        connection.send("bare");
      });
      const client = await connected(register);
      client.send("bare", null);
      expect((await client.next(named("bare"))).headers ?? {}).toEqual({});
      expect(seen).toEqual([{}]);
    });

    it("keep the order in both directions", async () => {
      const client = await connected();
      const numbers = Array.from({ length: 100 }, (_, index) => index);
      for (const number of numbers) client.send("echo", number);
      client.send("count", 100);
      client.send("hello", null);
      await client.next(named("hello"));
      expect(client.got.filter(named("echo")).map(({ payload }) => payload)).toEqual(numbers);
      expect(client.got.filter(named("number")).map(({ payload }) => payload)).toEqual(numbers);
    });

    it("ask and answer with nothing but headers, in whatever order", async () => {
      const client = await connected();
      client.send("sum", [1, 2, 3], { zap: { id: "first" } });
      client.send("sum", [4], { zap: { id: "second" } });
      expect(await client.next(answering("second"))).toMatchObject({ eventName: "sum", payload: 4 });
      expect(await client.next(answering("first"))).toMatchObject({ eventName: "sum", payload: 6 });
    });

    it("understand a request that failed: on purpose, and for want of a handler", async () => {
      const client = await connected();
      client.send("join", null, { zap: { id: "1" } });
      client.send("nobody", null, { zap: { id: "2" } });
      const full = { code: "room_full", message: "The room is full.", details: { max: 12 } };
      expect(await client.next(answering("1"))).toMatchObject({ eventName: "error", payload: full });
      const unknown = { code: "unknown_event" };
      expect(await client.next(answering("2"))).toMatchObject({ eventName: "error", payload: unknown });
    });

    it("ask and answer the other way round", async () => {
      const client = await connected();
      client.send("ask me", null);
      const question = await client.next(named("your name"));
      client.send("your name", "Ada", { zap: { re: zapOf(question)?.id } });
      client.send("who am I", null, { zap: { id: "1" } });
      expect((await client.next(answering("1"))).payload).toBe("Ada");
    });

    it("speak of nothing else: no control event comes, not even when the server drains", async () => {
      const server = await served(exampleApp());
      const client = await joining(server.url);
      client.send("hello", null);
      await client.next(named("hello"));
      await server.close({ drain: 10 });
      expect((await client.closed).code).toBe(1_012);
      expect(client.got.map(({ eventName }) => eventName)).toEqual(["hello"]);
    });

    it("keep alive by the pings of WebSockets alone", async () => {
      const register = exampleApp({ limits: { heartbeatMs: 50 } });
      const sockets = new WebSocketServer({ port: 0 });
      cleanUp.push(() => sockets.close());
      const threePongs = new Promise<void>((resolve) => {
        let pongs = 0;
        sockets.on("connection", (socket, request) => {
          NodeConnector.plug(register, socket, request).startEventStream();
          socket.on("pong", () => ++pongs === 3 && resolve());
        });
      });
      await once(sockets, "listening");
      const client = await joining(`ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`);
      await threePongs;
      client.send("hello", null);
      expect((await client.next(named("hello"))).payload).toBe("HELLO FROM SERVER !!!");
    });

    it("meet others in a room", async () => {
      const { url } = await served(exampleApp());
      const [one, other] = [await joining(url), await joining(url)];
      one.send("enter", "garden");
      expect((await one.next(named("entered"))).payload).toBe(1);
      other.send("enter", "garden");
      for (const client of [one, other]) {
        expect((await client.next((envelope) => envelope.payload === 2)).eventName).toBe("entered");
      }
    });

    it("end with the application's code and reason when the server closes", async () => {
      const client = await connected();
      client.send("close with", { code: 4_321, reason: "that was all, ¡adiós!" });
      expect(await client.closed).toEqual({ code: 4_321, reason: "that was all, ¡adiós!" });
    });

    it(`end when the client closes, which our server sees with ${closes}`, async () => {
      const register = exampleApp();
      const ending = new Promise((resolve) => {
        register.onEvent("disconnected", ({ payload }) => resolve(payload.code));
      });
      const client = await connected(register);
      client.close();
      expect(await ending).toBe(closes);
      await client.closed;
    });

    it("end with 4400 when the client says what only the server itself raises", async () => {
      const client = await connected();
      client.send("connected", {});
      expect((await client.closed).code).toBe(4_400);
    });
  });
}
