import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { MemoryLog } from "../../test/support/memory-log.ts";
import { flushed, MemoryPeer } from "../../test/support/memory-peer.ts";
import { defineEvents } from "../protocol/define-events.ts";
import { EventRegister } from "../rooms/event-register.ts";

function setUp() {
  const log: unknown[] = [];
  const register = new EventRegister(undefined, { logger: new MemoryLog() });
  return { register, log };
}

describe("registering", () => {
  it("takes one handler for an event; a second names both places", () => {
    const { register } = setUp();
    register.onEvent("hello", () => {});
    const again = () => {
      // Not as the last thing: a runtime with proper tail calls forgets who called then.
      const remove = register.onEvent("hello", () => {});
      remove();
    };
    expect(again).toThrow(
      expect.objectContaining({
        code: "duplicate_handler",
        message: expect.stringMatching(/handler-table\.test\.ts:\d+:\d+.*handler-table\.test\.ts:\d+:\d+/),
      }),
    );
  });

  it("lets a second one take the place of the first on request", async () => {
    const { register, log } = setUp();
    register.onEvent("hello", () => log.push("first"));
    register.onEvent("hello", () => log.push("second"), { override: true });
    const peer = await new MemoryPeer(register).start();
    peer.say("hello");
    expect(log).toEqual(["second"]);
  });

  it("takes a handler out again, and only that one", async () => {
    const { register, log } = setUp();
    const remove = register.onEvent("hello", () => log.push("first"));
    const peer = await new MemoryPeer(register).start();
    remove();
    peer.say("hello");
    register.onEvent("hello", () => log.push("second"));
    remove();
    peer.say("hello");
    expect(log).toEqual(["second"]);
  });

  it("takes several handlers of a lifecycle event, and takes each out alone", async () => {
    const { register, log } = setUp();
    const same = () => log.push("same");
    const remove = register.onEvent("connected", same);
    register.onEvent("connected", same);
    await new MemoryPeer(register).start();
    remove();
    remove();
    await new MemoryPeer(register).start();
    expect(log).toEqual(["same", "same", "same"]);
  });

  it.each(["", "x".repeat(129), "a\u0000b", "\ud800"])("refuses the name %j", (name) => {
    expect(() => setUp().register.onEvent(name, () => {})).toThrow(
      expect.objectContaining({ code: "invalid_event_name" }),
    );
  });

  it.each<[string, () => unknown]>([
    ["a name of the toolkit's own", () => setUp().register.onEvent("zap:hello", () => {})],
    ["what is no function", () => setUp().register.onEvent("hello", "handler" as unknown as () => void)],
    ["a middleware that is no function", () => setUp().register.use(undefined as unknown as () => void)],
    ["a time limit of 0", () => setUp().register.onEvent("hello", () => {}, { handlerMs: 0 })],
    ["a time limit that is no number", () => setUp().register.onEvent("hello", () => {}, { handlerMs: Number.NaN })],
    ["a concurrency of 0", () => new EventRegister(undefined, { concurrency: 0 })],
    ["a concurrency that is no number", () => new EventRegister(undefined, { concurrency: Number.NaN })],
  ])("refuses %s", (_what, register) => {
    expect(register).toThrow(expect.objectContaining({ code: "invalid_argument" }));
  });

  it("keeps two registers apart", async () => {
    const [one, other] = [setUp(), setUp()];
    one.register.onEvent("hello", () => one.log.push("one"));
    other.register.onEvent("hello", () => other.log.push("other"));
    const peer = await new MemoryPeer(one.register).start();
    peer.say("hello");
    expect(one.log).toEqual(["one"]);
    expect(other.log).toEqual([]);
    expect(other.register.connections.size).toBe(0);
  });
});

describe("a group", () => {
  it("stands for a prefix, also inside another group, and has middleware of its own", async () => {
    const { register, log } = setUp();
    const chat = register.group("chat:");
    const rooms = chat.group("room:");
    rooms.use((context, next) => {
      log.push(`rooms ${context.eventName}`);
      return next();
    });
    chat.onEvent("say", ({ eventName }) => log.push(eventName));
    rooms.onEvent("join", ({ eventName }) => log.push(eventName));
    const peer = await new MemoryPeer(register).start();
    for (const name of ["chat:say", "chat:room:join", "say"]) peer.say(name);
    expect(log).toEqual(["chat:say", "rooms chat:room:join", "chat:room:join"]);
    expect(register.stats().unknownEvents).toBe(1);
  });

  it("does not run its middleware around connected", async () => {
    const { register, log } = setUp();
    register.group("chat:").use(() => log.push("refused"));
    const peer = await new MemoryPeer(register).start();
    expect(peer.connection.status).toBe("open");
    expect(log).toEqual([]);
  });

  it("shares its names with the register: a second handler is refused there too", () => {
    const { register } = setUp();
    const chat = register.group("chat:");
    chat.onEvent("say", () => {});
    expect(() => register.onEvent("chat:say", () => {})).toThrow(
      expect.objectContaining({ code: "duplicate_handler" }),
    );
    expect(() => chat.onEvent("say", () => {})).toThrow(/handler-table\.test\.ts/);
  });
});

describe("merging", () => {
  it("brings handlers and lifecycle handlers along, their middleware inside that of the whole", async () => {
    const { register, log } = setUp();
    const part = new EventRegister();
    const note = (name: string) => (_context: unknown, next: () => Promise<void>) => {
      log.push(name);
      return next();
    };
    part.use(note("part"));
    part.use("hello", note("part hello"));
    part.onEvent("hello", () => log.push("handler"));
    part.onEvent("connected", () => log.push("connected"));
    register.use(note("whole"));
    register.merge(part);
    const peer = await new MemoryPeer(register).start();
    peer.say("hello");
    expect(log).toEqual(["whole", "connected", "whole", "part", "part hello", "handler"]);
  });

  it("may go over several levels", async () => {
    const { register, log } = setUp();
    const [part, inner] = [new EventRegister(), new EventRegister()];
    for (const [name, one] of [
      ["inner", inner],
      ["part", part],
      ["whole", register],
    ] as const) {
      one.use("hello", (_context, next) => {
        log.push(name);
        return next();
      });
    }
    inner.onEvent("hello", () => log.push("handler"));
    register.merge(part.merge(inner));
    const peer = await new MemoryPeer(register).start();
    peer.say("hello");
    expect(log).toEqual(["whole", "part", "inner", "handler"]);
  });

  it("does not follow what the part registers later", async () => {
    const { register, log } = setUp();
    const part = new EventRegister();
    register.merge(part);
    part.onEvent("hello", () => log.push("late"));
    const peer = await new MemoryPeer(register).start();
    peer.say("hello");
    expect(log).toEqual([]);
  });

  it("refuses a second handler and names both places; nothing has been taken over then", async () => {
    const { register, log } = setUp();
    const part = new EventRegister();
    part.onEvent("first", () => log.push("first"));
    part.onEvent("hello", () => log.push("part"));
    part.onEvent("connected", () => log.push("connected"));
    register.onEvent("hello", () => log.push("whole"));
    expect(() => register.merge(part)).toThrow(
      expect.objectContaining({
        code: "duplicate_handler",
        message: expect.stringMatching(/handler-table\.test\.ts:\d+:\d+.*handler-table\.test\.ts:\d+:\d+/),
      }),
    );
    const peer = await new MemoryPeer(register).start();
    for (const name of ["first", "hello"]) peer.say(name);
    expect(log).toEqual(["whole"]);
  });

  it("takes the handlers of the part on request", async () => {
    const { register, log } = setUp();
    const part = new EventRegister();
    part.onEvent("hello", () => log.push("part"));
    register.onEvent("hello", () => log.push("whole"));
    register.merge(part, { override: true });
    const peer = await new MemoryPeer(register).start();
    peer.say("hello");
    expect(log).toEqual(["part"]);
  });

  it("checks payloads with the contract of the whole, also for a part that has only its types", async () => {
    const contract = defineEvents({ clientToServer: { hello: v.object({ text: v.string() }) } });
    const log: unknown[] = [];
    const register = new EventRegister(contract, { logger: new MemoryLog() });
    register.onEvent("error", () => {});
    const part = new EventRegister<typeof contract>();
    part.onEvent("hello", ({ payload }) => log.push(payload.text));
    register.merge(part);
    const peer = await new MemoryPeer(register).start();
    peer.say("hello", { text: 7 });
    await flushed();
    peer.say("hello", { text: "hi" });
    expect(log).toEqual(["hi"]);
    expect(register.stats().invalidPayloads).toBe(1);
  });
});
