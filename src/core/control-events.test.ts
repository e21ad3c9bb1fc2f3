import { describe, expect, it } from "vitest";
import { MemoryLog } from "../../test/support/memory-log.ts";
import { flushed, MemoryPeer } from "../../test/support/memory-peer.ts";
import { HELLO_TEXT, PING_TEXT, PONG_TEXT } from "../protocol/control.ts";
import { EventRegister } from "../rooms/event-register.ts";

async function setUp() {
  const register = new EventRegister(undefined, {
    logger: new MemoryLog(),
    limits: { heartbeatMs: 1_000, envelopeBytes: 2_000 },
  });
  return { register, peer: await new MemoryPeer(register).start() };
}

describe("zap:hello", () => {
  it("is answered with zap:welcome, once", async () => {
    const { peer } = await setUp();
    for (let index = 0; index < 3; index++) peer.processor.receive(HELLO_TEXT);
    await flushed();
    expect(peer.envelopes).toEqual([
      {
        eventName: "zap:welcome",
        payload: expect.objectContaining({
          id: peer.connection.id,
          heartbeatMs: 1_000,
          limits: { envelopeBytes: 2_000 },
        }),
      },
    ]);
  });

  it.each([null, 7, "x", [], { version: "later", features: {} }])("is taken with the payload %j", async (payload) => {
    const { peer } = await setUp();
    peer.say("zap:hello", payload);
    await flushed();
    expect(peer.envelopes).toMatchObject([{ eventName: "zap:welcome" }]);
  });

  it("may have events behind it in the same tick; they do not wait for the answer", async () => {
    const { register, peer } = await setUp();
    const seen: unknown[] = [];
    register.onEvent("hello", ({ payload }) => seen.push(payload));
    peer.processor.receive(HELLO_TEXT);
    peer.say("hello", 1);
    expect(seen).toEqual([1]);
  });
});

describe("zap:ping", () => {
  it("is answered with the one text of zap:pong", async () => {
    const { peer } = await setUp();
    peer.processor.receive(HELLO_TEXT);
    peer.processor.receive(PING_TEXT);
    await flushed();
    expect(peer.transport.texts[1]).toBe(PONG_TEXT);
  });

  it("is not answered to a peer that has not said zap:hello", async () => {
    const { peer } = await setUp();
    peer.processor.receive(PING_TEXT);
    await flushed();
    expect(peer.transport.texts).toEqual([]);
    expect(peer.connection.status).toBe("open");
  });

  it("is answered while a handler is at work", async () => {
    const { register, peer } = await setUp();
    register.onEvent("hang", () => new Promise(() => {}));
    peer.processor.receive(HELLO_TEXT);
    peer.say("hang");
    peer.processor.receive(PING_TEXT);
    await flushed();
    expect(peer.transport.texts[1]).toBe(PONG_TEXT);
  });
});

describe("control events", () => {
  it.each([
    "zap:hello",
    "zap:ping",
    "zap:pong",
    "zap:auth",
  ])("%s is seen by no handler and counted as none", async (name) => {
    const { register, peer } = await setUp();
    const seen: string[] = [];
    register.use(({ eventName }, next) => {
      seen.push(eventName);
      return next();
    });
    peer.say(name);
    await flushed();
    expect(seen).toEqual([]);
    expect(register.stats()).toMatchObject({ events: 0, unknownEvents: 0, errors: 0, connections: 1 });
  });

  it.each([
    "zap:welcome",
    "zap:draining",
    "zap:gap",
    "zap:",
    "zap:HELLO",
  ])("%s is refused from a client", async (name) => {
    const { peer } = await setUp();
    peer.say(name);
    expect(peer.transport.endings).toMatchObject([{ code: 4400 }]);
  });
});
