// How a connection ends, by whoever ends it: what still runs, what runs no more, and what is left.
import { describe, expect, it } from "vitest";
import { Gate } from "../../test/support/gate.ts";
import { flushed, MemoryPeer } from "../../test/support/memory-peer.ts";
import { notingRegister } from "../../test/support/noting-register.ts";
import type { EventRegister } from "../rooms/event-register.ts";

describe("the end of a connection", () => {
  const causes: readonly [string, (peer: MemoryPeer<ReturnType<EventRegister["plug"]>>) => void, number, string][] = [
    ["the peer closes", (peer) => peer.leave(4001, "bye"), 4001, "bye"],
    ["the peer closes without a code", (peer) => peer.leave(1005), 1005, ""],
    ["the peer is lost", (peer) => peer.leave(1006), 1006, ""],
    ["a runtime reports the loss as 0", (peer) => peer.leave(0), 1006, ""],
    ["the application closes", (peer) => void peer.connection.close(4002, "enough"), 4002, "enough"],
    ["the application closes without a code", (peer) => void peer.connection.close(), 1000, ""],
    ["the peer sends nonsense", (peer) => peer.processor.receive("{"), 4400, "not JSON"],
  ];

  it.each(causes)("runs disconnected once, with code and reason, when %s", async (_what, end, code, reason) => {
    const { register, seen } = notingRegister("none");
    register.onEvent("disconnected", ({ payload, connection, connections }) => {
      seen.push(payload, connections.get(connection.id));
    });
    const peer = await new MemoryPeer(register).start();
    end(peer);
    await peer.processor.startEventStream();
    peer.leave(1006);
    await flushed();
    expect(seen).toEqual([{ code, reason }, undefined]);
    expect(register.stats().connections).toBe(0);
  });

  it("runs disconnected even when everything else has thrown", async () => {
    const { register, seen } = notingRegister("none");
    const fail = () => {
      throw new Error("always");
    };
    register.onEvent("connected", fail);
    register.onEvent("hello", fail);
    register.onEvent("error", fail);
    register.onEvent("disconnected", fail);
    register.onEvent("disconnected", () => seen.push("disconnected"));
    const peer = await new MemoryPeer(register).start();
    peer.say("hello");
    peer.leave();
    await peer.processor.startEventStream();
    expect(seen).toEqual(["disconnected"]);
  });

  it("waits for handlers at work before disconnected runs", async () => {
    const { register, seen } = notingRegister("none");
    const gate = new Gate();
    register.onEvent("work", async ({ signal }) => {
      await gate.passed;
      seen.push(signal.aborted);
    });
    register.onEvent("disconnected", () => seen.push("disconnected"));
    const peer = await new MemoryPeer(register).start();
    peer.say("work");
    peer.leave();
    await flushed();
    expect(seen).toEqual([]);
    gate.open();
    await peer.processor.startEventStream();
    expect(seen).toEqual([true, "disconnected"]);
  });

  it("runs disconnected although a handler never ends, once that has had its time", async () => {
    const { register, seen, clock } = notingRegister("none");
    register.onEvent("hang", () => new Gate().passed);
    register.onEvent("disconnected", () => seen.push("disconnected"));
    const peer = await new MemoryPeer(register).start();
    peer.say("hang");
    peer.leave();
    await flushed();
    clock.advance(30_000);
    await peer.processor.startEventStream();
    expect(seen).toEqual(["disconnected"]);
    expect(clock.timers).toBe(0);
  });

  it("handles nothing after the close was seen", async () => {
    const { register, seen } = notingRegister("none");
    const gate = new Gate();
    register.onEvent("work", async ({ payload }) => {
      seen.push(payload);
      await gate.passed;
    });
    const peer = await new MemoryPeer(register).start();
    peer.say("work", 1);
    peer.say("work", 2);
    // In one tick, so that the first handler has ended when the close comes, and nothing else had its turn.
    gate.open();
    peer.leave();
    peer.say("work", 3);
    await peer.processor.startEventStream();
    expect(seen).toEqual([1]);
  });

  it("handles nothing that waited while connected ran, when the peer left meanwhile", async () => {
    const { register, seen } = notingRegister("none");
    const gate = new Gate();
    register.onEvent("connected", () => gate.passed);
    register.onEvent("hello", () => seen.push("hello"));
    const peer = await new MemoryPeer(register).start();
    peer.say("hello");
    peer.leave();
    gate.open();
    await peer.processor.startEventStream();
    expect(seen).toEqual([]);
  });

  it("handles nothing that waited once a handler has closed the connection", async () => {
    const { register, seen } = notingRegister("none");
    register.onEvent("work", async ({ payload, connection }) => {
      seen.push(payload);
      await flushed();
      void connection.close();
    });
    const peer = await new MemoryPeer(register, {}, "silent").start();
    for (const number of [1, 2, 3]) peer.say("work", number);
    await flushed();
    await flushed();
    expect(peer.connection.status).toBe("closing");
    peer.say("work", 4);
    peer.leave();
    await peer.processor.startEventStream();
    expect(seen).toEqual([1]);
  });

  it("runs nothing for a connection that ended before it was started", async () => {
    const { register, seen } = notingRegister("none");
    for (const name of ["connected", "disconnected"] as const) register.onEvent(name, () => seen.push(name));
    register.onEvent("hello", () => seen.push("hello"));
    const gone = new MemoryPeer(register);
    gone.say("hello");
    gone.leave();
    await gone.processor.startEventStream();
    const refused = new MemoryPeer(register, {}, "silent");
    refused.processor.receive("nonsense");
    await refused.start();
    refused.leave();
    await refused.processor.startEventStream();
    expect(seen).toEqual([]);
  });

  it("may be waited for inside a handler of the same connection", async () => {
    const { register, seen } = notingRegister("none");
    register.onEvent("bye", async ({ connection }) => {
      await connection.close(4000, "as you like");
      seen.push(connection.status);
    });
    register.onEvent("disconnected", () => seen.push("disconnected"));
    const peer = await new MemoryPeer(register).start();
    peer.say("bye");
    await peer.processor.startEventStream();
    expect(seen).toEqual(["closed", "disconnected"]);
  });

  it("cuts a peer that does not answer the Close within limits.closeMs", async () => {
    const { register, seen, clock } = notingRegister("none");
    register.onEvent("disconnected", ({ payload }) => seen.push(payload));
    const peer = await new MemoryPeer(register, {}, "silent").start();
    const closed = peer.connection.close(4000, "enough");
    clock.advance(2_999);
    await flushed();
    expect(seen).toEqual([]);
    clock.advance(1);
    await closed;
    await peer.processor.startEventStream();
    expect(peer.transport.endings).toEqual([{ code: 4000, reason: "enough" }, "terminated"]);
    expect(seen).toEqual([{ code: 4000, reason: "enough" }]);
    expect(clock.timers).toBe(0);
  });

  it("resumes a paused socket, for the answer to the Close to be read", async () => {
    const { register } = notingRegister("none");
    register.onEvent("hang", () => new Gate().passed);
    const peer = await new MemoryPeer(register, {}, "silent").start();
    for (let index = 0; index < 70; index++) peer.say("hang");
    expect(peer.transport.reading).toBe("paused");
    void peer.connection.close();
    expect(peer.transport.reading).toBe("on");
  });

  it("leaves no timer behind", async () => {
    const { register, clock } = notingRegister("none");
    register.onEvent("work", () => flushed());
    const peer = await new MemoryPeer(register).start();
    peer.say("work");
    peer.connection.request("ask").catch(() => {});
    expect(clock.timers).toBeGreaterThanOrEqual(2);
    peer.leave();
    await peer.processor.startEventStream();
    expect(clock.timers).toBe(0);
  });

  it("ends sending: every send afterwards resolves to dropped, whatever it was given", async () => {
    const { register } = notingRegister("none");
    const peer = await new MemoryPeer(register).start();
    peer.leave();
    await expect(peer.connection.send("hello")).resolves.toBe("dropped");
    await expect(peer.connection.send("hello", 1n)).resolves.toBe("dropped");
    await expect(register.connections.sendTo(peer.connection.id, "hello")).resolves.toBe("dropped");
    await expect(peer.connection.close(1000)).resolves.toBeUndefined();
    await expect(peer.connection.drained()).resolves.toBeUndefined();
    await flushed();
    expect(peer.transport.texts).toEqual([]);
  });
});
