// How a connection begins: `connected`, the middleware around it, and what waits until both have finished.
import { describe, expect, it } from "vitest";
import { Gate } from "../../test/support/gate.ts";
import { flushed, HANDSHAKE, MemoryPeer } from "../../test/support/memory-peer.ts";
import { MemoryTransport } from "../../test/support/memory-transport.ts";
import { notingRegister } from "../../test/support/noting-register.ts";
import { ZapError } from "../protocol/errors.ts";

describe("the start of a connection", () => {
  it("runs connected first, with the handshake, and finishes it before the first event", async () => {
    const { register, seen } = notingRegister("none");
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
    const { register, seen } = notingRegister("none");
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
    const { register, seen } = notingRegister("none");
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
    const { register, seen } = notingRegister("none");
    register.onEvent("connected", () => seen.push("connected"));
    const peer = await new MemoryPeer(register).start();
    const again = peer.processor.startEventStream();
    peer.leave();
    await again;
    await peer.processor.startEventStream();
    expect(seen).toEqual(["connected"]);
  });

  it("goes on when connected throws, and still runs disconnected", async () => {
    const { register, seen } = notingRegister("none");
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
    const { register, seen, clock } = notingRegister("none");
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
    const { register } = notingRegister("none");
    expect(new MemoryPeer(register).connection.id).toMatch(
      /^zpt-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(new MemoryPeer(register, { id: "__proto__" }).connection.id).toBe("__proto__");
    expect(register.connections.get("__proto__")?.id).toBe("__proto__");
  });

  it("refuses an id that is live already with 4409, and leaves its owner alone", async () => {
    const { register } = notingRegister("none");
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
    const { register, seen } = notingRegister("none");
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
    const { register } = notingRegister("none");
    register.use(() => Promise.reject(new Error("the password of the database is hunter2")));
    const peer = new MemoryPeer(register);
    await peer.processor.startEventStream();
    expect(peer.transport.endings).toEqual([{ code: 1011, reason: "internal error" }]);
  });

  it("refuses with 4403 when it ends without calling next()", async () => {
    const { register, seen } = notingRegister("none");
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
    const { register } = notingRegister("none");
    register.use(() => {
      throw new ZapError(403 as unknown as string);
    });
    const peer = new MemoryPeer(register);
    await peer.processor.startEventStream();
    expect(peer.transport.endings).toEqual([{ code: 4403, reason: "403" }]);
  });

  it("handles no event that waited while it refused, also when the peer is slow to answer the Close", async () => {
    const { register, seen } = notingRegister("none");
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
    const { register, seen } = notingRegister("none");
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
    const { register, seen, clock } = notingRegister("none");
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
    const { register, seen, clock } = notingRegister("none");
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
    const { register, seen } = notingRegister("none");
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
