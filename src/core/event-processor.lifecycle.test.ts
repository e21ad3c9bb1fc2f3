import { describe, expect, it } from "vitest";
import { Gate } from "../../test/support/gate.ts";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { MemoryLog } from "../../test/support/memory-log.ts";
import { flushed, HANDSHAKE, MemoryPeer } from "../../test/support/memory-peer.ts";
import { MemoryTransport } from "../../test/support/memory-transport.ts";
import { ZapError } from "../protocol/errors.ts";
import { EventRegister } from "../rooms/event-register.ts";

/** A register that notes everything its handlers are called for. */
function setUp() {
  const clock = new ManualClock();
  const seen: unknown[] = [];
  const internal: unknown[] = [];
  const register = new EventRegister(undefined, {
    clock,
    logger: new MemoryLog(),
    onInternalError: (error) => internal.push(error),
  });
  return { register, clock, seen, internal };
}

describe("the start of a connection", () => {
  it("runs connected first, with the handshake, and finishes it before the first event", async () => {
    const { register, seen } = setUp();
    const gate = new Gate();
    register.onEvent("connected", async ({ payload }) => {
      seen.push(`connected ${payload.url} ${payload.address}`);
      await gate.passed;
      seen.push("connected finished");
    });
    register.onEvent("hello", () => seen.push("hello"));
    const peer = await new MemoryPeer(register).start();
    peer.say("hello");
    await flushed();
    expect(seen).toEqual(["connected /ws 192.0.2.1"]);
    gate.open();
    await flushed();
    expect(seen).toEqual(["connected /ws 192.0.2.1", "connected finished", "hello"]);
  });

  it("runs several connected handlers one after the other", async () => {
    const { register, seen } = setUp();
    const gate = new Gate();
    register.onEvent("connected", () => gate.passed);
    register.onEvent("connected", () => seen.push("second"));
    await new MemoryPeer(register).start();
    expect(seen).toEqual([]);
    gate.open();
    await flushed();
    expect(seen).toEqual(["second"]);
  });

  it("loses nothing that came before startEventStream()", async () => {
    const { register, seen } = setUp();
    register.onEvent("connected", () => seen.push("connected"));
    register.onEvent("hello", ({ payload }) => seen.push(payload));
    const peer = new MemoryPeer(register);
    peer.say("hello", 1);
    peer.say("hello", 2);
    await flushed();
    expect(seen).toEqual([]);
    await peer.start();
    expect(seen).toEqual(["connected", 1, 2]);
  });

  it("is one stream, however often it is started", async () => {
    const { register, seen } = setUp();
    register.onEvent("connected", () => seen.push("connected"));
    const peer = await new MemoryPeer(register).start();
    const again = peer.processor.startEventStream();
    peer.leave();
    await again;
    await peer.processor.startEventStream();
    expect(seen).toEqual(["connected"]);
  });

  it("goes on when connected throws, and still runs disconnected", async () => {
    const { register, seen } = setUp();
    const boom = new Error("boom");
    register.onEvent("connected", () => {
      throw boom;
    });
    register.onEvent("error", ({ payload }) => seen.push(payload));
    register.onEvent("hello", () => seen.push("hello"));
    register.onEvent("disconnected", () => seen.push("disconnected"));
    const peer = await new MemoryPeer(register).start();
    peer.say("hello");
    peer.leave();
    await peer.processor.startEventStream();
    expect(seen).toEqual([{ eventName: "connected", error: boom }, "hello", "disconnected"]);
  });

  it("lets the events through when connected takes longer than limits.handlerMs", async () => {
    const { register, seen, clock } = setUp();
    register.onEvent("connected", () => new Gate().passed);
    register.onEvent("error", ({ payload }) => seen.push(payload));
    register.onEvent("hello", () => seen.push("hello"));
    const peer = await new MemoryPeer(register).start();
    peer.say("hello");
    clock.advance(30_000);
    await flushed();
    expect(seen).toEqual([
      { eventName: "connected", error: expect.objectContaining({ code: "handler_timeout" }) },
      "hello",
    ]);
  });

  it("gives a connection an id of the family's form, or the one it was plugged with", async () => {
    const { register } = setUp();
    expect(new MemoryPeer(register).connection.id).toMatch(
      /^zpt-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(new MemoryPeer(register, { id: "__proto__" }).connection.id).toBe("__proto__");
    expect(register.connections.get("__proto__")?.id).toBe("__proto__");
  });

  it("refuses an id that is live already with 4409, and leaves its owner alone", async () => {
    const { register } = setUp();
    const first = await new MemoryPeer(register, { id: "mine" }).start();
    const transport = new MemoryTransport();
    expect(() => register.plug(transport, HANDSHAKE, { id: "mine" })).toThrow(
      expect.objectContaining({ code: "duplicate_id" }),
    );
    expect(transport.endings).toMatchObject([{ code: 4409 }]);
    expect(register.connections.get("mine")).toBe(first.connection);
    first.leave();
    await first.processor.startEventStream();
    expect(new MemoryPeer(register, { id: "mine" }).connection.id).toBe("mine");
  });
});

describe("middleware around connected", () => {
  it("refuses with 4403 and its code, and neither connected nor disconnected runs", async () => {
    const { register, seen } = setUp();
    register.use((_context, next) => {
      seen.push("first");
      return next();
    });
    register.use(() => {
      throw new ZapError("not_on_the_list", "You are not on the list.");
    });
    for (const name of ["connected", "disconnected"] as const) register.onEvent(name, () => seen.push(name));
    register.onEvent("hello", () => seen.push("hello"));
    const peer = new MemoryPeer(register);
    peer.say("hello");
    await peer.processor.startEventStream();
    expect(peer.transport.endings).toEqual([{ code: 4403, reason: "not_on_the_list" }]);
    expect(seen).toEqual(["first"]);
    expect(register.connections.size).toBe(0);
  });

  it("refuses with 1011 and nothing more when it fails for another reason", async () => {
    const { register } = setUp();
    register.use(() => Promise.reject(new Error("the password of the database is hunter2")));
    const peer = new MemoryPeer(register);
    await peer.processor.startEventStream();
    expect(peer.transport.endings).toEqual([{ code: 1011, reason: "internal error" }]);
  });

  it("refuses with 4403 when it ends without calling next()", async () => {
    const { register, seen } = setUp();
    register.use(() => {});
    for (const name of ["connected", "disconnected"] as const) register.onEvent(name, () => seen.push(name));
    register.onEvent("hello", () => seen.push("hello"));
    const peer = new MemoryPeer(register);
    peer.say("hello");
    await peer.processor.startEventStream();
    expect(peer.transport.endings).toEqual([{ code: 4403, reason: "not_handled" }]);
    expect(seen).toEqual([]);
  });

  it("takes a code that is no string without coming to harm", async () => {
    const { register } = setUp();
    register.use(() => {
      throw new ZapError(403 as unknown as string);
    });
    const peer = new MemoryPeer(register);
    await peer.processor.startEventStream();
    expect(peer.transport.endings).toEqual([{ code: 4403, reason: "403" }]);
  });

  it("handles no event that waited while it refused, also when the peer is slow to answer the Close", async () => {
    const { register, seen } = setUp();
    const gate = new Gate();
    register.use(async (context, next) => {
      if (context.eventName !== "connected") return next();
      await gate.passed;
      throw new ZapError("no");
    });
    register.onEvent("hello", () => seen.push("hello"));
    const peer = await new MemoryPeer(register, {}, "silent").start();
    peer.say("hello");
    gate.open();
    await flushed();
    expect(peer.connection.status).toBe("closing");
    expect(seen).toEqual([]);
    peer.leave();
    await peer.processor.startEventStream();
    expect(seen).toEqual([]);
  });

  it("does not run connected for a peer that left while it was pending", async () => {
    const { register, seen } = setUp();
    const gate = new Gate();
    register.use(async (_context, next) => {
      await gate.passed;
      await next();
    });
    for (const name of ["connected", "disconnected", "error"] as const) register.onEvent(name, () => seen.push(name));
    const peer = await new MemoryPeer(register).start();
    peer.leave(1006);
    expect(register.connections.size).toBe(0);
    gate.open();
    await peer.processor.startEventStream();
    expect(seen).toEqual([]);
  });

  it("does not run connected when the middleware lets it through after its time was up", async () => {
    const { register, seen, clock } = setUp();
    const gate = new Gate();
    register.use(async (_context, next) => {
      await gate.passed;
      await next();
    });
    for (const name of ["connected", "disconnected"] as const) register.onEvent(name, () => seen.push(name));
    const peer = await new MemoryPeer(register).start();
    clock.advance(30_000);
    await peer.processor.startEventStream();
    expect(peer.transport.endings).toEqual([{ code: 4403, reason: "handler_timeout" }]);
    gate.open();
    await flushed();
    expect(seen).toEqual([]);
  });

  it("reports once when connected and the middleware around it are cut off together", async () => {
    const { register, seen, clock } = setUp();
    register.use((_context, next) => next());
    register.onEvent("connected", () => new Gate().passed);
    register.onEvent("error", ({ payload }) => seen.push(payload));
    const peer = await new MemoryPeer(register).start();
    clock.advance(30_000);
    await flushed();
    expect(seen).toEqual([{ eventName: "connected", error: expect.objectContaining({ code: "handler_timeout" }) }]);
    expect(peer.connection.status).toBe("open");
  });

  it("finishes what comes after next() before the first event", async () => {
    const { register, seen } = setUp();
    const gate = new Gate();
    register.use(async (context, next) => {
      await next();
      if (context.eventName === "connected") await gate.passed;
      seen.push(`after ${context.eventName}`);
    });
    register.onEvent("hello", () => seen.push("hello"));
    const peer = await new MemoryPeer(register).start();
    peer.say("hello");
    await flushed();
    expect(seen).toEqual([]);
    gate.open();
    await flushed();
    expect(seen).toEqual(["after connected", "hello", "after hello"]);
  });
});

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
    const { register, seen } = setUp();
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
    const { register, seen } = setUp();
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
    const { register, seen } = setUp();
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
    const { register, seen, clock } = setUp();
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
    const { register, seen } = setUp();
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
    const { register, seen } = setUp();
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
    const { register, seen } = setUp();
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
    const { register, seen } = setUp();
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
    const { register, seen } = setUp();
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
    const { register, seen, clock } = setUp();
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
    const { register } = setUp();
    register.onEvent("hang", () => new Gate().passed);
    const peer = await new MemoryPeer(register, {}, "silent").start();
    for (let index = 0; index < 70; index++) peer.say("hang");
    expect(peer.transport.reading).toBe("paused");
    void peer.connection.close();
    expect(peer.transport.reading).toBe("on");
  });

  it("leaves no timer behind", async () => {
    const { register, clock } = setUp();
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
    const { register } = setUp();
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
