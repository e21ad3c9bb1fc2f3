// How much of a peer is admitted: events and bytes, what they cost, and what is free.
import { describe, expect, it } from "vitest";
import { MemoryPeer } from "../../test/support/memory-peer.ts";
import { memoryRegister } from "../../test/support/memory-register.ts";
import type { Limits } from "../protocol/limits.ts";

const setUp = (limits: Partial<Limits> = {}) => memoryRegister({ limits });

describe("rates", () => {
  it("admits a burst of twice the rate, then closes with 4429", async () => {
    const { register, log } = setUp({ eventsPerSecond: 10 });
    const seen: unknown[] = [];
    register.onEvent("hello", ({ payload }) => seen.push(payload));
    const peer = await new MemoryPeer(register).start();
    for (let index = 0; index < 20; index++) peer.say("hello", index);
    expect(seen).toHaveLength(20);
    expect(peer.connection.status).toBe("open");
    peer.say("hello", 20);
    expect(seen).toHaveLength(20);
    expect(peer.transport.endings).toEqual([{ code: 4429, reason: "rate limit" }]);
    expect(log.lines).toHaveLength(1);
  });

  it("takes more for an event that costs more, and one that costs more than is left closes with 4429", async () => {
    const { register } = setUp({ eventsPerSecond: 10 });
    const seen: string[] = [];
    register.onEvent("search", ({ eventName }) => seen.push(eventName), { cost: 8 });
    register.onEvent("hello", ({ eventName }) => seen.push(eventName));
    const peer = await new MemoryPeer(register).start();
    for (const name of ["search", "hello", "search", "hello", "hello", "hello"]) peer.say(name);
    expect(seen).toHaveLength(6);
    peer.say("hello");
    expect(peer.transport.endings).toMatchObject([{ code: 4429 }]);
    const other = await new MemoryPeer(register).start();
    for (const name of ["search", "search", "search"]) other.say(name);
    expect(seen.filter((name) => name === "search")).toHaveLength(4);
    expect(other.transport.endings).toMatchObject([{ code: 4429 }]);
  });

  it.each([0, -1, 0.5, Number.NaN, 21])("refuses the cost %s, which none could mean or pay", (cost) => {
    const { register } = setUp({ eventsPerSecond: 10 });
    expect(() => register.onEvent("search", () => {}, { cost })).toThrow(/cost/);
  });

  it("counts pings, which are answered, and closes with 1008 for too many; pongs are free", () => {
    const peer = new MemoryPeer(setUp({ eventsPerSecond: 10 }).register);
    for (let index = 0; index < 100; index++) peer.processor.heard("pong");
    for (let index = 0; index < 20; index++) peer.processor.heard("ping");
    expect(peer.transport.endings).toEqual([]);
    peer.processor.heard("ping");
    expect(peer.transport.endings).toEqual([{ code: 1008, reason: "too many pings" }]);
  });

  it("admits the rate itself for as long as one likes", async () => {
    const { register, clock } = setUp({ eventsPerSecond: 10 });
    const peer = await new MemoryPeer(register).start();
    for (let index = 0; index < 20; index++) peer.say("hello");
    for (let index = 0; index < 1_000; index++) {
      clock.advance(100);
      peer.say("hello");
    }
    expect(peer.connection.status).toBe("open");
  });

  it("counts bytes as well as events", async () => {
    const { register } = setUp({ bytesPerSecond: 1_000 });
    const peer = await new MemoryPeer(register).start();
    peer.say("hello", "x".repeat(1_500));
    expect(peer.connection.status).toBe("open");
    peer.say("hello", "x".repeat(500));
    expect(peer.transport.endings).toMatchObject([{ code: 4429 }]);
  });

  it("counts replies and events nobody handles too", async () => {
    const { register } = setUp({ eventsPerSecond: 1 });
    const peer = await new MemoryPeer(register).start();
    peer.answer("7", "forged", 1);
    peer.say("nobody");
    peer.answer("7", "forged", 1);
    expect(peer.transport.endings).toMatchObject([{ code: 4429 }]);
  });
});
