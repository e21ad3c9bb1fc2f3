import { describe, expect, it } from "vitest";
import { Gate } from "../../test/support/gate.ts";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { MemoryLog } from "../../test/support/memory-log.ts";
import { flushed, MemoryPeer } from "../../test/support/memory-peer.ts";
import type { Limits } from "../protocol/limits.ts";
import { EventRegister } from "../rooms/event-register.ts";

function setUp(limits: Partial<Limits> = {}) {
  const clock = new ManualClock();
  const register = new EventRegister(undefined, { clock, logger: new MemoryLog(), limits });
  const ends: unknown[] = [];
  register.onEvent("disconnected", ({ payload }) => ends.push(payload.code));
  return { clock, register, ends };
}

describe("the heartbeat", () => {
  it("asks a silent peer once, and gives it up when it does not answer in time", async () => {
    const { clock, register, ends } = setUp();
    const peer = await new MemoryPeer(register).start();
    clock.advance(24_000);
    expect(peer.transport.pings).toBe(0);
    clock.advance(2_000);
    expect(peer.transport.pings).toBe(1);
    clock.advance(8_000);
    expect(peer.transport.endings).toEqual([]);
    clock.advance(2_000);
    expect(peer.transport.endings).toEqual(["terminated"]);
    expect(peer.transport.pings).toBe(1);
    await flushed();
    expect(ends).toEqual([1006]);
  });

  it("leaves a peer alone that sends, or that answers", async () => {
    const { clock, register, ends } = setUp();
    const sends = await new MemoryPeer(register).start();
    const answers = await new MemoryPeer(register).start();
    let answered = 0;
    for (let second = 0; second < 300; second++) {
      clock.advance(1_000);
      sends.say("nobody");
      for (; answered < answers.transport.pings; answered++) answers.processor.heard();
    }
    expect(sends.transport.pings).toBe(0);
    expect(answers.transport.pings).toBeGreaterThan(5);
    await flushed();
    expect(ends).toEqual([]);
  });

  it("does not blame a peer that it has no way to ask, until it has said zap:hello", async () => {
    const { clock, register, ends } = setUp();
    const peer = new MemoryPeer(register);
    Object.defineProperty(peer.transport, "ping", { value: undefined });
    await peer.start();
    clock.advance(300_000);
    expect(peer.connection.status).toBe("open");
    peer.say("zap:hello", {});
    clock.advance(26_000);
    await flushed();
    expect(peer.envelopes.map(({ eventName }) => eventName)).toEqual(["zap:welcome", "zap:ping"]);
    clock.advance(10_000);
    await flushed();
    expect(ends).toEqual([1006]);
  });

  it("does not blame a peer whose socket is paused", async () => {
    const { clock, register } = setUp({ pendingEvents: 2, handlerMs: 1_000_000 });
    const gate = new Gate();
    register.onEvent("work", () => gate.passed);
    const peer = await new MemoryPeer(register).start();
    for (let index = 0; index < 3; index++) peer.say("work");
    expect(peer.transport.reading).toBe("paused");
    // Was read before the pause, and handed over after it.
    peer.say("work");
    clock.advance(300_000);
    expect(peer.connection.status).toBe("open");
    gate.open();
    await flushed();
    expect(peer.transport.reading).toBe("on");
    clock.advance(30_000);
    expect(peer.transport.pings).toBe(1);
    clock.advance(10_000);
    expect(peer.transport.endings).toEqual(["terminated"]);
  });

  it("has one timer for all connections, and none without any", async () => {
    const { clock, register } = setUp();
    const peers = await Promise.all(Array.from({ length: 10 }, () => new MemoryPeer(register).start()));
    expect(clock.timers).toBe(1);
    for (const peer of peers) peer.leave();
    expect(clock.timers).toBe(0);
    await new MemoryPeer(register).start();
    expect(clock.timers).toBe(1);
  });

  it.each<Partial<Limits>>([
    { heartbeatMs: Number.POSITIVE_INFINITY },
    { heartbeatMs: Number.POSITIVE_INFINITY, heartbeatTimeoutMs: Number.POSITIVE_INFINITY },
  ])("does not beat where the limits say so", async (limits) => {
    const { clock, register } = setUp(limits);
    const peer = await new MemoryPeer(register).start();
    expect(clock.timers).toBe(0);
    clock.advance(10_000_000);
    expect(peer.connection.status).toBe("open");
  });

  it("asks and waits for ever where only the answer has no limit", async () => {
    const { clock, register } = setUp({ heartbeatTimeoutMs: Number.POSITIVE_INFINITY });
    const peer = await new MemoryPeer(register).start();
    clock.advance(1_000_000);
    expect(peer.transport.pings).toBe(1);
    expect(peer.connection.status).toBe("open");
  });

  it("asks with an envelope where the socket has no ping, but only who said zap:hello", async () => {
    const { clock, register } = setUp();
    const plain = await new MemoryPeer(register).start();
    const greeting = await new MemoryPeer(register).start();
    for (const peer of [plain, greeting]) Object.assign(peer.transport, { ping: undefined });
    greeting.processor.receive('{"eventName":"zap:hello","payload":{}}');
    await flushed();
    greeting.transport.writes.length = 0;
    clock.advance(26_000);
    await flushed();
    expect(plain.transport.texts).toEqual([]);
    expect(greeting.transport.texts).toEqual(['{"eventName":"zap:ping","payload":null}']);
  });
});
