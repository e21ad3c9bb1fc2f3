import { describe, expect, it } from "vitest";
import { Gate } from "../../test/support/gate.ts";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { MemoryLog } from "../../test/support/memory-log.ts";
import { flushed, MemoryPeer } from "../../test/support/memory-peer.ts";
import { EventRegister } from "../rooms/event-register.ts";
import { drain } from "./drain.ts";

const HANDLER_MS = 30_000;

async function setUp(count: number) {
  const clock = new ManualClock();
  const register = new EventRegister(undefined, { clock, logger: new MemoryLog() });
  const peers = await Promise.all(Array.from({ length: count }, () => new MemoryPeer(register).start()));
  const drained = (windowMs: number) =>
    drain(
      peers.map((peer) => peer.processor),
      { windowMs, handlerMs: HANDLER_MS, clock },
    );
  return { clock, register, peers, drained };
}

const CLOSE = { code: 1012, reason: expect.any(String) };

describe("ending many connections", () => {
  it("closes each with 1012, and resolves when all have ended", async () => {
    const { peers, drained, register } = await setUp(3);
    await drained(0);
    for (const peer of peers) expect(peer.transport.endings).toEqual([CLOSE]);
    expect(register.connections.size).toBe(0);
  });

  it("spreads them evenly over the window", async () => {
    const { peers, drained, clock } = await setUp(4);
    const all = drained(1_000);
    const ended = () => peers.filter((peer) => peer.transport.endings.length > 0).length;
    for (const count of [1, 2, 3, 4]) {
      await flushed();
      expect(ended()).toBe(count);
      clock.advance(250);
    }
    await all;
  });

  it("does not wait for the turn of one that has ended by itself", async () => {
    const { peers, drained, clock } = await setUp(2);
    const all = drained(1_000_000);
    peers[1]?.leave();
    await all;
    expect(clock.timers).toBe(0);
  });

  it("tells those who said zap:hello, and nobody else", async () => {
    const { peers, drained } = await setUp(2);
    peers[0]?.processor.receive('{"eventName":"zap:hello","payload":{}}');
    await drained(0);
    expect(peers[0]?.envelopes).toContainEqual({ eventName: "zap:draining", payload: { windowMs: 0 } });
    expect(peers[1]?.envelopes).toEqual([]);
  });

  it("lets handlers finish and answer what has come, and takes nothing more", async () => {
    const { peers, drained, register } = await setUp(1);
    const gate = new Gate();
    const seen: unknown[] = [];
    register.onEvent("work", async ({ payload }) => {
      seen.push(payload);
      await gate.passed;
      return payload;
    });
    const [peer] = peers;
    peer?.ask("a", "work", 1);
    peer?.ask("b", "work", 2);
    const all = drained(0);
    await flushed();
    peer?.ask("c", "work", 3);
    expect(peer?.transport.endings).toEqual([]);
    gate.open();
    await all;
    expect(seen).toEqual([1, 2]);
    expect(peer?.envelopes.map(({ headers }) => headers?.zap)).toEqual([{ re: "a" }, { re: "b" }]);
    expect(peer?.transport.endings).toEqual([CLOSE]);
  });

  it("lets a handler that waits for its peer have the answer", async () => {
    const { peers, drained, register } = await setUp(1);
    const seen: unknown[] = [];
    register.onEvent("work", async ({ connection }) => {
      seen.push(await connection.request("confirm"));
    });
    const [peer] = peers;
    peer?.say("work");
    const all = drained(0);
    await flushed();
    peer?.answer("1", "confirm", "yes");
    await all;
    expect(seen).toEqual(["yes"]);
  });

  it("closes nevertheless when a handler does not come to an end", async () => {
    const { peers, drained, register, clock } = await setUp(1);
    register.onEvent("hang", () => new Gate().passed);
    peers[0]?.say("hang");
    const all = drained(0);
    await flushed();
    clock.advance(HANDLER_MS - 1);
    expect(peers[0]?.transport.endings).toEqual([]);
    clock.advance(1);
    await all;
    expect(peers[0]?.transport.endings).toEqual([CLOSE]);
  });
});
