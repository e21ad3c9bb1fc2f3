// Every limit with its default: at it everything is taken, one beyond it is not. Each limit there is has a case here.
import { expect, it } from "vitest";
import { EventRegister, type Limits } from "../src/index.ts";
import { DEFAULT_LIMITS } from "../src/protocol/limits.ts";
import { ManualClock } from "./support/manual-clock.ts";
import { MemoryLog } from "./support/memory-log.ts";
import { flushed, HANDSHAKE, type Manners, MemoryPeer } from "./support/memory-peer.ts";
import { newRegister, served } from "./support/node-server.ts";
import { fragments, RawPeer } from "./support/raw-peer.ts";

/** A register with the defaults, but for what is changed, and time that a test moves. */
function setUp(limits: Partial<Limits> = {}) {
  const clock = new ManualClock();
  const register = new EventRegister(undefined, { clock, limits, logger: new MemoryLog() });
  register.onEvent("error", () => {});
  return { clock, register, open: (manners: Manners = "answers") => new MemoryPeer(register, {}, manners).start() };
}

/** Resolves with how a connection ended that has received `text`: undefined when it lives. */
async function endingFor(text: string): Promise<number | undefined> {
  const peer = await setUp().open();
  peer.processor.receive(text);
  const [ending] = peer.transport.endings;
  return typeof ending === "object" ? ending.code : undefined;
}

/** The length of a text that makes `build` that many bytes. */
const filled = (bytes: number, build: (text: string) => string) => build("x".repeat(bytes - build("").length));

const large = (bytes: number) => filled(bytes, (text) => `{"eventName":"a","payload":"${text}"}`);
const deep = (levels: number) => `{"eventName":"a","payload":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
const named = (length: number) => JSON.stringify({ eventName: "n".repeat(length) });
const keyed = (count: number) =>
  JSON.stringify({ eventName: "a", headers: Object.fromEntries(Array.from({ length: count }, (_, key) => [key, 1])) });
const headed = (bytes: number) => `{"eventName":"a","headers":${filled(bytes, (text) => `{"h":"${text}"}`)}}`;

/** What is tried at a limit and one beyond it. */
const CASES: { readonly [name in keyof Limits]: (limit: number) => Promise<void> } = {
  async envelopeBytes(limit) {
    expect(await endingFor(large(limit))).toBeUndefined();
    expect(await endingFor(large(limit + 1))).toBe(1009);
  },
  async depth(limit) {
    expect(await endingFor(deep(limit))).toBeUndefined();
    expect(await endingFor(deep(limit + 1))).toBe(1009);
  },
  async nameLength(limit) {
    expect(await endingFor(named(limit))).toBeUndefined();
    expect(await endingFor(named(limit + 1))).toBe(4400);
  },
  async headerKeys(limit) {
    expect(await endingFor(keyed(limit))).toBeUndefined();
    expect(await endingFor(keyed(limit + 1))).toBe(4400);
  },
  async headerBytes(limit) {
    expect(await endingFor(headed(limit))).toBeUndefined();
    expect(await endingFor(headed(limit + 1))).toBe(4400);
  },
  async fragments(limit) {
    const register = newRegister();
    register.onEvent("echo", ({ connection }) => connection.send("echo"));
    const { port } = await served(register);
    const cut = (count: number) => fragments(['{"eventName":"echo"}', ...Array.from({ length: count - 1 }, () => " ")]);
    const peer = await RawPeer.open(port);
    peer.write(cut(limit));
    expect(await peer.envelope()).toMatchObject({ eventName: "echo" });
    peer.write(cut(limit + 1));
    expect(await peer.closed()).toMatchObject({ code: 1008 });
  },
  async eventsPerSecond(limit) {
    const { clock, open } = setUp();
    const peer = await open();
    for (let count = 0; count < 2 * limit; count++) peer.say("a");
    clock.advance(1_000);
    for (let count = 0; count < limit; count++) peer.say("a");
    expect(peer.transport.endings).toEqual([]);
    peer.say("a");
    expect(peer.transport.endings).toMatchObject([{ code: 4429 }]);
  },
  async bytesPerSecond(limit) {
    const { clock, open } = setUp();
    const peer = await open();
    const burst = (bytes: number) => {
      for (let left = bytes; left > 0; left -= 65_536) peer.processor.receive(large(Math.min(left, 65_536)));
    };
    burst(2 * limit);
    clock.advance(1_000);
    burst(limit);
    expect(peer.transport.endings).toEqual([]);
    peer.say("a");
    expect(peer.transport.endings).toMatchObject([{ code: 4429 }]);
  },
  async pendingEvents(limit) {
    const { register, open } = setUp();
    register.onEvent("hang", () => new Promise(() => {}));
    const peer = await open();
    // The first is at work, the others wait.
    for (let count = 0; count < limit; count++) peer.say("hang");
    expect(peer.transport.reading).toBe("on");
    peer.say("hang");
    expect(peer.transport.reading).toBe("paused");
  },
  async pendingRequests(limit) {
    const { open } = setUp();
    const { connection } = await open();
    const requests = Array.from({ length: limit }, () => connection.request("ask"));
    await expect(connection.request("ask")).rejects.toMatchObject({ code: "too_many_requests" });
    void connection.close();
    for (const request of requests) await expect(request).rejects.toMatchObject({ code: "disconnected" });
  },
  async roomsPerConnection(limit) {
    const { open } = setUp();
    const { connection } = await open();
    for (let count = 0; count < limit; count++) await connection.join(`room ${count}`);
    await expect(connection.join("one more")).rejects.toMatchObject({ code: "too_many_rooms" });
  },
  async bufferedBytesSoft(limit) {
    const { open } = setUp();
    const { connection, transport } = await open();
    for (const [buffered, outcome] of [
      [limit, "sent"],
      [limit + 1, "dropped"],
    ] as const) {
      transport.buffered = buffered;
      void connection.send("before");
      await flushed();
      expect(await connection.send("tick", null, undefined, { volatile: true })).toBe(outcome);
    }
  },
  async bufferedBytes(limit) {
    const { open } = setUp();
    const { connection, transport } = await open();
    const length = '{"eventName":"tick","payload":null}'.length;
    transport.buffered = limit - length;
    await connection.send("before");
    await flushed();
    expect(await connection.send("tick")).toBe("queued");
    await flushed();
    transport.buffered = limit - length + 1;
    expect(await connection.send("tick")).toBe("dropped");
    expect(transport.endings).toEqual([{ code: 4413, reason: "slow consumer" }]);
  },
  async connections(limit) {
    expect(limit).toBe(Number.POSITIVE_INFINITY);
    const { register, open } = setUp({ connections: 3 });
    for (let count = 0; count < 3; count++) await open();
    expect(register.admit({ ...HANDSHAKE, secure: false })).toMatchObject({ status: 503 });
    expect((await open()).transport.endings).toMatchObject([{ code: 1013 }]);
  },
  async connectionsPerAddress(limit) {
    expect(limit).toBe(Number.POSITIVE_INFINITY);
    const { register, open } = setUp({ connectionsPerAddress: 3 });
    for (let count = 0; count < 3; count++) await open();
    expect(register.admit({ ...HANDSHAKE, secure: false })).toMatchObject({ status: 429 });
    const elsewhere = { ...HANDSHAKE, address: "192.0.2.99", secure: false };
    expect(register.admit(elsewhere)).not.toHaveProperty("status");
  },
  async authenticationMs(limit) {
    const clock = new ManualClock();
    const register = new EventRegister(undefined, { clock, authenticate: () => new Promise(() => {}) });
    let verdict: unknown;
    Promise.resolve(register.admit({ ...HANDSHAKE, secure: false })).then((given) => {
      verdict = given;
    });
    clock.advance(limit - 1);
    await flushed();
    expect(verdict).toBeUndefined();
    clock.advance(1);
    await flushed();
    expect(verdict).toMatchObject({ status: 503, closeCode: 4408 });
  },
  async handlerMs(limit) {
    const { clock, register, open } = setUp();
    let signal: AbortSignal | undefined;
    register.onEvent("hang", (context) => {
      signal = context.signal;
      return new Promise(() => {});
    });
    (await open()).say("hang");
    clock.advance(limit - 1);
    expect(signal?.aborted).toBe(false);
    clock.advance(1);
    expect(signal?.aborted).toBe(true);
  },
  async heartbeatMs(limit) {
    const { clock, open } = setUp();
    const { transport } = await open();
    clock.advance(limit - 1);
    expect(transport.pings).toBe(0);
    clock.advance(1);
    expect(transport.pings).toBe(1);
  },
  async heartbeatTimeoutMs(limit) {
    const { clock, open } = setUp();
    const { transport } = await open();
    clock.advance(DEFAULT_LIMITS.heartbeatMs + limit - 1);
    expect(transport.endings).toEqual([]);
    clock.advance(1);
    expect(transport.endings).toEqual(["terminated"]);
  },
  async closeMs(limit) {
    const { clock, open } = setUp();
    const { connection, transport } = await open("silent");
    void connection.close();
    clock.advance(limit - 1);
    expect(transport.endings).toHaveLength(1);
    clock.advance(1);
    expect(transport.endings).toEqual([{ code: 1000, reason: "" }, "terminated"]);
  },
};

it.each(Object.entries(CASES))("limits.%s holds at the limit, and not one beyond", async (name, tryAt) => {
  const limit = Object.entries(DEFAULT_LIMITS).find(([known]) => known === name)?.[1];
  await tryAt(limit ?? Number.NaN);
});
