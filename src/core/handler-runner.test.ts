// Handlers that fail, in every way there is: somebody hears of each failure, once, and the connection lives.
import { describe, expect, it } from "vitest";
import { Gate } from "../../test/support/gate.ts";
import { MemoryLog } from "../../test/support/memory-log.ts";
import { flushed, MemoryPeer } from "../../test/support/memory-peer.ts";
import { notingRegister } from "../../test/support/noting-register.ts";
import { failOnUnhandledRejections } from "../../test/support/unhandled-rejections.ts";
import { ZapError } from "../protocol/errors.ts";
import { EventRegister } from "../rooms/event-register.ts";

failOnUnhandledRejections();

const boom = new Error("boom");

describe("a handler that fails", () => {
  const failures: readonly [string, () => unknown, unknown][] = [
    [
      "throws",
      () => {
        throw boom;
      },
      boom,
    ],
    ["rejects", () => Promise.reject(boom), boom],
    [
      "rejects later",
      async () => {
        await flushed();
        throw boom;
      },
      boom,
    ],
    [
      "throws null",
      () => {
        throw null;
      },
      null,
    ],
    ["rejects with undefined", () => Promise.reject(undefined), undefined],
    [
      "throws a string",
      () => {
        throw "boom";
      },
      "boom",
    ],
    [
      "returns a thenable that throws",
      () => ({
        // biome-ignore lint/suspicious/noThenProperty: hostile on purpose
        then: () => {
          throw boom;
        },
      }),
      boom,
    ],
    [
      "returns something whose then cannot be read",
      () => ({
        // biome-ignore lint/suspicious/noThenProperty: hostile on purpose
        get then(): unknown {
          throw boom;
        },
      }),
      boom,
    ],
  ];

  it.each(failures)("and %s: error runs once, and the connection lives", async (_how, handler, error) => {
    const { register, errors, internal } = notingRegister();
    const seen: string[] = [];
    register.onEvent("fail", handler);
    register.onEvent("hello", () => seen.push("hello"));
    const peer = await new MemoryPeer(register).start();
    peer.say("fail");
    peer.say("hello");
    await flushed();
    await flushed();
    expect(errors).toEqual([{ eventName: "fail", error }]);
    expect(internal).toEqual([]);
    expect(seen).toEqual(["hello"]);
    expect(peer.connection.status).toBe("open");
    expect(register.stats().errors).toBe(1);
  });

  it("is reported as often as it fails, also when it throws the same object each time", async () => {
    const { register, errors } = notingRegister();
    const forbidden = new ZapError("forbidden");
    register.onEvent("fail", () => {
      throw forbidden;
    });
    const peer = await new MemoryPeer(register).start();
    for (let index = 0; index < 3; index++) peer.say("fail");
    await flushed();
    expect(errors).toHaveLength(3);
  });

  it("is told to every error handler", async () => {
    const { register, errors } = notingRegister();
    register.onEvent("error", ({ payload }) => errors.push(payload));
    register.onEvent("fail", () => Promise.reject(boom));
    const peer = await new MemoryPeer(register).start();
    peer.say("fail");
    await flushed();
    expect(errors).toHaveLength(2);
    expect(register.stats().errors).toBe(1);
  });

  it("goes to onInternalError where there is no error handler", async () => {
    const { register, internal } = notingRegister("none");
    register.onEvent("fail", () => Promise.reject(boom));
    const peer = await new MemoryPeer(register).start();
    peer.say("fail");
    await flushed();
    expect(internal).toEqual([["fail", boom]]);
  });

  it("goes to the logger where there is no onInternalError either", async () => {
    const log = new MemoryLog();
    const register = new EventRegister(undefined, { logger: log });
    register.onEvent("fail", () => Promise.reject(boom));
    const peer = await new MemoryPeer(register).start();
    peer.say("fail");
    await flushed();
    expect(log.lines).toEqual([
      { level: "error", fields: { event: "fail", error: boom }, message: expect.any(String) },
    ]);
  });
});

describe("a thenable", () => {
  it("that calls twice counts once", async () => {
    const { register, errors } = notingRegister();
    register.onEvent("twice", () => ({
      // biome-ignore lint/suspicious/noThenProperty: hostile on purpose
      then(resolve: (value: unknown) => void, reject: (error: unknown) => void) {
        resolve("first");
        resolve("second");
        reject(boom);
      },
    }));
    const peer = await new MemoryPeer(register).start();
    peer.ask("1", "twice");
    peer.ask("2", "twice");
    await flushed();
    expect(peer.envelopes.map(({ payload }) => payload)).toEqual(["first", "first"]);
    expect(errors).toEqual([]);
  });
});

describe("an error handler that fails", () => {
  it("goes to onInternalError, and the next one runs", async () => {
    const { register, internal } = notingRegister("none");
    const worse = new Error("worse");
    const seen: unknown[] = [];
    register.onEvent("error", () => Promise.reject(worse));
    register.onEvent("error", ({ payload }) => seen.push(payload.error));
    register.onEvent("fail", () => Promise.reject(boom));
    const peer = await new MemoryPeer(register).start();
    peer.say("fail");
    await flushed();
    expect(internal).toEqual([["error", worse]]);
    expect(seen).toEqual([boom]);
  });

  it("frees the line when it never ends", async () => {
    const { register, internal, clock } = notingRegister("none");
    const seen: string[] = [];
    register.onEvent("error", () => new Gate().passed);
    register.onEvent("fail", () => Promise.reject(boom));
    register.onEvent("hello", () => seen.push("hello"));
    const peer = await new MemoryPeer(register).start();
    peer.say("fail");
    peer.say("hello");
    await flushed();
    expect(seen).toEqual([]);
    clock.advance(30_000);
    await flushed();
    expect(seen).toEqual(["hello"]);
    expect(internal).toEqual([["error", expect.objectContaining({ code: "handler_timeout" })]]);
  });

  it.each(["synchronously", "later"])("is not called for its own failed send, made %s", async (when) => {
    const { register, internal } = notingRegister("none");
    let calls = 0;
    register.onEvent("error", async ({ connection, payload }) => {
      calls++;
      if (when === "later") await flushed();
      // What was thrown has a cycle, so this cannot be sent.
      await connection.send("problem", payload.error);
    });
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    register.onEvent("fail", () => {
      throw cycle;
    });
    const peer = await new MemoryPeer(register).start();
    peer.say("fail");
    await flushed();
    await flushed();
    expect(calls).toBe(1);
    expect(internal).toEqual([["problem", expect.objectContaining({ code: "unencodable_payload" })]]);
  });

  it("does no harm when onInternalError throws as well", async () => {
    const seen: string[] = [];
    const register = new EventRegister(undefined, {
      onInternalError: () => {
        throw new Error("nobody left");
      },
    });
    register.onEvent("error", () => Promise.reject(boom));
    register.onEvent("fail", () => Promise.reject(boom));
    register.onEvent("hello", () => seen.push("hello"));
    const peer = await new MemoryPeer(register).start();
    peer.say("fail");
    peer.say("hello");
    await flushed();
    expect(seen).toEqual(["hello"]);
  });
});

describe("a failed call on the connection", () => {
  it("is told to error once, whether it is waited for or not", async () => {
    const { register, errors } = notingRegister();
    register.onEvent("waits", async ({ connection }) => {
      await connection.send("big", 1n);
    });
    register.onEvent("goes on", ({ connection }) => {
      void connection.send("big", 1n);
    });
    const peer = await new MemoryPeer(register).start();
    peer.say("waits");
    peer.say("goes on");
    await flushed();
    expect(errors).toMatchObject([
      { eventName: "big", error: { code: "unencodable_payload" } },
      { eventName: "big", error: { code: "unencodable_payload" } },
    ]);
  });
});
