// What becomes of what a peer sends: it is handled as it is, refused, or waits for its turn.
import { describe, expect, it } from "vitest";
import { Gate } from "../../test/support/gate.ts";
import { flushed, MemoryPeer } from "../../test/support/memory-peer.ts";
import { memoryRegister } from "../../test/support/memory-register.ts";
import { EventRegister } from "../rooms/event-register.ts";

describe("what comes in", () => {
  it("hands a handler the event's name, payload and headers, and its connection", async () => {
    const { register } = memoryRegister();
    const seen: unknown[] = [];
    register.onEvent("hello", ({ eventName, payload, headers, connection, connections }) => {
      seen.push(eventName, payload, headers, connection, connections);
    });
    const peer = await new MemoryPeer(register).start();
    peer.say("hello", { a: [1, "ü", null] }, { trace: "t1" });
    expect(seen.slice(0, 2)).toEqual(["hello", { a: [1, "ü", null] }]);
    expect({ ...(seen[2] as object) }).toEqual({ trace: "t1" });
    expect(seen[3]).toBe(peer.connection);
    expect(seen[4]).toBe(register.connections);
  });

  it.each([
    false,
    0,
    "",
    null,
    [],
    {},
    "\u{1F600} é\u0000",
    1.5e300,
  ])("keeps the payload %j as it is", async (payload) => {
    const { register } = memoryRegister();
    const seen: unknown[] = [];
    register.onEvent("echo", async (context) => {
      seen.push(context.payload);
      await context.connection.send("echo", context.payload);
    });
    const peer = await new MemoryPeer(register).start();
    peer.say("echo", payload);
    await flushed();
    expect(seen).toEqual([payload]);
    expect(peer.envelopes).toEqual([{ eventName: "echo", payload }]);
  });

  it("runs a synchronous handler before receive() returns", async () => {
    const { register } = memoryRegister();
    const seen: unknown[] = [];
    register.onEvent("hello", ({ payload }) => seen.push(payload));
    const peer = await new MemoryPeer(register).start();
    peer.say("hello", 1);
    expect(seen).toEqual([1]);
    peer.say("hello", 2);
    expect(seen).toEqual([1, 2]);
  });

  it("counts events nobody handles, and lets the connection be", async () => {
    const { register, log } = memoryRegister();
    const peer = await new MemoryPeer(register).start();
    peer.say("nobody");
    peer.say("nobody else");
    expect(register.stats()).toMatchObject({ unknownEvents: 2, events: 0, errors: 0, connections: 1 });
    expect(peer.connection.status).toBe("open");
    expect(log.lines).toEqual([]);
  });

  it.each([
    "__proto__",
    "constructor",
    "toString",
    "then",
    "toJSON",
    "hasOwnProperty",
  ])("takes %s for an ordinary name", async (name) => {
    const { register } = memoryRegister();
    const seen: unknown[] = [];
    const peer = await new MemoryPeer(register).start();
    peer.say(name);
    expect(register.stats().unknownEvents).toBe(1);
    register.onEvent(name, ({ eventName }) => seen.push(eventName));
    peer.say(name);
    expect(seen).toEqual([name]);
  });
});

describe("what is refused", () => {
  const refused: readonly [string, string, number][] = [
    ["what is not JSON", "{nope", 4400],
    ["an array", "[]", 4400],
    ["an envelope without a name", '{"payload":1}', 4400],
    ["the lifecycle event connected", '{"eventName":"connected","payload":null}', 4400],
    ["the lifecycle event disconnected", '{"eventName":"disconnected","payload":{"code":1000}}', 4400],
    ["the lifecycle event error", '{"eventName":"error","payload":{}}', 4400],
    ["a name of the toolkit's own", '{"eventName":"zap:no such","payload":null}', 4400],
    ["an envelope that is too large", `{"eventName":"a","payload":"${"x".repeat(70_000)}"}`, 1009],
    ["an envelope that is too deep", `{"eventName":"a","payload":${"[".repeat(200_000)}`, 1009],
  ];

  it.each(refused)("closes for %s, with one line in the log", async (_what, text, code) => {
    const { register, log } = memoryRegister();
    const lifecycle: string[] = [];
    for (const name of ["connected", "disconnected", "error"] as const) {
      register.onEvent(name, () => lifecycle.push(name));
    }
    const peer = await new MemoryPeer(register).start();
    peer.processor.receive(text);
    await peer.processor.startEventStream();
    expect(peer.transport.endings).toEqual([{ code, reason: expect.any(String) }]);
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]?.fields).toMatchObject({ connection: peer.connection.id, code });
    expect(register.stats().refused.get(code)).toBe(1);
    expect(lifecycle).toEqual(["connected", "disconnected"]);
  });

  it("closes a binary frame with 1003", async () => {
    const { register, log } = memoryRegister();
    const peer = await new MemoryPeer(register).start();
    peer.processor.receiveBinary();
    peer.processor.receiveBinary();
    expect(peer.transport.endings).toMatchObject([{ code: 1003 }]);
    expect(log.lines).toHaveLength(1);
  });

  it("hurts nobody but the sender", async () => {
    const { register } = memoryRegister();
    const seen: unknown[] = [];
    register.onEvent("hello", ({ payload }) => seen.push(payload));
    const bad = await new MemoryPeer(register).start();
    const good = await new MemoryPeer(register).start();
    bad.processor.receive("nope");
    good.say("hello", "still here");
    expect(seen).toEqual(["still here"]);
    expect(register.connections.size).toBe(1);
  });

  it("goes on when the logger throws, and tells the internal hook", async () => {
    const internal: unknown[] = [];
    const broken = new Error("the disk is full");
    const warn = () => {
      throw broken;
    };
    const register = new EventRegister(undefined, {
      logger: { warn, error: warn },
      onInternalError: (error) => internal.push(error),
    });
    const peer = await new MemoryPeer(register).start();
    peer.processor.receive("nope");
    expect(internal).toEqual([broken]);
    expect(peer.transport.endings).toMatchObject([{ code: 4400 }]);
  });
});

describe("order", () => {
  it("handles the events of a connection one at a time, in the order they came", async () => {
    const { register } = memoryRegister();
    const log: string[] = [];
    const gates = new Map([1, 2, 3].map((number) => [number, new Gate()]));
    register.onEvent("work", async ({ payload }) => {
      log.push(`start ${payload}`);
      await gates.get(Number(payload))?.passed;
      log.push(`end ${payload}`);
    });
    const peer = await new MemoryPeer(register).start();
    for (const number of [1, 2, 3]) peer.say("work", number);
    for (const number of [3, 2, 1]) gates.get(number)?.open();
    await flushed();
    expect(log).toEqual(["start 1", "end 1", "start 2", "end 2", "start 3", "end 3"]);
  });

  it("has several at work where the register says so", async () => {
    const { register } = memoryRegister({ concurrency: 2 });
    const started: unknown[] = [];
    const gate = new Gate();
    register.onEvent("work", async ({ payload }) => {
      started.push(payload);
      await gate.passed;
    });
    const peer = await new MemoryPeer(register).start();
    for (const number of [1, 2, 3]) peer.say("work", number);
    expect(started).toEqual([1, 2]);
    gate.open();
    await flushed();
    expect(started).toEqual([1, 2, 3]);
  });

  it("does not let connections wait for each other", async () => {
    const { register } = memoryRegister();
    const seen: unknown[] = [];
    const gate = new Gate();
    register.onEvent("hang", () => gate.passed);
    register.onEvent("hello", ({ payload }) => seen.push(payload));
    const busy = await new MemoryPeer(register).start();
    const other = await new MemoryPeer(register).start();
    busy.say("hang");
    busy.say("hello", "busy");
    other.say("hello", "other");
    expect(seen).toEqual(["other"]);
    gate.open();
    await flushed();
    expect(seen).toEqual(["other", "busy"]);
  });

  it("pauses the socket when limits.pendingEvents wait and resumes it at half", async () => {
    const { register } = memoryRegister({ limits: { pendingEvents: 4 } });
    const gates: Gate[] = [];
    register.onEvent("work", () => {
      const gate = new Gate();
      gates.push(gate);
      return gate.passed;
    });
    const peer = await new MemoryPeer(register).start();
    for (let number = 0; number < 4; number++) peer.say("work", number);
    expect(peer.transport.reading).toBe("on");
    peer.say("work", 4);
    expect(peer.transport.reading).toBe("paused");
    gates[0]?.open();
    await flushed();
    expect(peer.transport.reading).toBe("paused");
    gates[1]?.open();
    await flushed();
    expect(peer.transport.reading).toBe("on");
    for (let number = 2; number < 5; number++) {
      gates[number]?.open();
      await flushed();
    }
    expect(gates).toHaveLength(5);
    expect(register.stats().events).toBe(5);
  });
});
