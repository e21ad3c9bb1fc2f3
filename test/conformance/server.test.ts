// The conformance vectors over real sockets: a server on Node, and peers that write exactly what the vectors say.
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { EventRegister, ZapError } from "zaptools";
import { serve, type ZapServer } from "zaptools/node";
import { AUTH, HELLO, PING, PONG } from "../../src/protocol/control.ts";
import { MemoryLog } from "../support/memory-log.ts";
import { type Conversation, type Described, headersOf, payloadOf, textOf, vectors } from "./vectors.ts";

const CONTROL: ReadonlySet<string> = new Set([HELLO, PING, PONG, AUTH]);
const fromClients = vectors.accepted.filter(
  ({ from, envelope }) => from !== "server" && envelope.zap?.re === undefined && !CONTROL.has(envelope.eventName),
);

/** A peer, and the frames that came to it, to be taken one by one. */
class Peer {
  readonly socket: WebSocket;
  readonly opened: Promise<unknown>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly #frames: string[] = [];
  #waiting: (() => void) | undefined;

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.opened = new Promise((resolve, reject) => this.socket.once("open", resolve).once("error", reject));
    this.closed = new Promise((resolve) => {
      this.socket.once("close", (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    this.socket.on("message", (data) => {
      this.#frames.push(data.toString());
      this.#waiting?.();
    });
  }

  async next(): Promise<string> {
    while (this.#frames.length === 0) {
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
    return this.#frames.shift() ?? "";
  }
}

const log = new MemoryLog();
const errors: unknown[] = [];
const lifecycle: unknown[] = [];
const register = new EventRegister(undefined, { logger: log, limits: { eventsPerSecond: Number.POSITIVE_INFINITY } });
let arrived: (event: { readonly payload: unknown; readonly headers: object }) => void = () => {};
let server: ZapServer;

for (const name of new Set(fromClients.map(({ envelope }) => envelope.eventName))) {
  register.onEvent(name, ({ payload, headers }) => arrived({ payload, headers }));
}
register.onEvent("connected", ({ payload }) => void lifecycle.push(payload));
register.onEvent("error", ({ payload }) => void errors.push(payload.error));
register.onEvent("echo", ({ connection, payload }) => connection.send("echo", payload));
register.onEvent("headers", ({ connection, headers }) => connection.send("headers", headers));
register.onEvent("sum", ({ payload }) =>
  Array.isArray(payload) ? payload.reduce((sum, one) => sum + one, 0) : undefined,
);
register.onEvent("refuse", () => {
  throw new ZapError("room_full", "The room is full.", { max: 12 });
});
register.onEvent("break", () => {
  throw new Error("the password is hunter2");
});
register.onEvent("ask me", async ({ connection, payload }) => {
  const answer = await connection
    .request("question", payload)
    .catch((error: unknown) => (error instanceof ZapError ? error.code : "not coded"));
  await connection.send("answered", answer);
});

beforeAll(async () => {
  server = await serve(register, { port: 0, host: "127.0.0.1" });
});
afterAll(() => server.close());

async function connect(): Promise<Peer> {
  const peer = new Peer(server.url);
  onTestFinished(() => peer.socket.terminate());
  await peer.opened;
  return peer;
}

/** Shows that a connection works, and that nothing has been sent to it unseen. */
async function expectEcho(peer: Peer): Promise<void> {
  const text = '{"eventName":"echo","payload":"still there"}';
  peer.socket.send(text);
  expect(await peer.next()).toBe(text);
}

describe("a server takes", () => {
  test.each(fromClients)("$name", async ({ text, envelope }) => {
    const peer = await connect();
    const event = new Promise((resolve) => {
      arrived = resolve;
    });
    peer.socket.send(textOf(text));
    expect(await event).toEqual({
      payload: payloadOf(envelope),
      headers: Object.assign(Object.create(null), headersOf(envelope)),
    });
    if (envelope.zap?.id !== undefined)
      expect(JSON.parse(await peer.next())).toHaveProperty("headers.zap.re", envelope.zap.id);
    await expectEcho(peer);
  });
});

describe("a server refuses", () => {
  test.each(
    vectors.refused.filter(({ from }) => from !== "server"),
  )("$name with $code, in one log line, and no other connection is harmed", async ({ text, bytes, frame, code }) => {
    const innocent = await connect();
    const peer = await connect();
    const logged = log.lines.length;
    const raised = lifecycle.length + errors.length;
    const frameBytes = bytes === undefined ? Buffer.from(textOf(text ?? "")) : Buffer.from(bytes, "hex");
    peer.socket.send(frameBytes, { binary: frame === "binary" });
    expect(await peer.closed).toMatchObject({ code });
    expect(log.lines.slice(logged)).toMatchObject([{ level: "warn", fields: { code } }]);
    expect(lifecycle.length + errors.length).toBe(raised);
    await expectEcho(innocent);
  });
});

describe("a conversation:", () => {
  const expectFrame = (text: string, expected: string | Described) => {
    if (typeof expected === "string") return expect(text).toBe(expected);
    const { eventName, code, re } = expected;
    const described = {
      eventName,
      ...(code === undefined ? {} : { payload: { code } }),
      ...(re === undefined ? {} : { headers: { zap: { re } } }),
    };
    expect(JSON.parse(text)).toMatchObject(described);
  };

  test.each(vectors.conversations)("$name", async ({ steps }: Conversation) => {
    const peer = await connect();
    for (const step of steps) {
      if ("client" in step) peer.socket.send(step.client);
      else expectFrame(await peer.next(), step.server);
    }
    await expectEcho(peer);
  });
});
