import { describe, expect, it } from "vitest";
import { Gate } from "../../test/support/gate.ts";
import { MemoryLog } from "../../test/support/memory-log.ts";
import { flushed, MemoryPeer } from "../../test/support/memory-peer.ts";
import { ZapError } from "../protocol/errors.ts";
import { EventRegister } from "../rooms/event-register.ts";

function setUp() {
  const log: unknown[] = [];
  const errors: unknown[] = [];
  const register = new EventRegister(undefined, { logger: new MemoryLog() });
  register.onEvent("error", ({ payload }) => errors.push(payload.error));
  return { register, log, errors };
}

describe("middleware", () => {
  it("runs in the order it was added, around the handler", async () => {
    const { register, log } = setUp();
    for (const name of ["first", "second"]) {
      register.use("hello", async (_context, next) => {
        log.push(`${name} in`);
        await next();
        log.push(`${name} out`);
      });
    }
    register.onEvent("hello", async () => {
      await flushed();
      log.push("handler");
    });
    const peer = await new MemoryPeer(register).start();
    peer.say("hello");
    await flushed();
    await flushed();
    expect(log).toEqual(["first in", "second in", "handler", "second out", "first out"]);
  });

  it("costs no microtask when neither it nor the handler is asynchronous", async () => {
    const { register, log } = setUp();
    register.use((_context, next) => {
      void next();
    });
    register.use((_context, next) => next());
    register.onEvent("hello", () => log.push("hello"));
    const peer = await new MemoryPeer(register).start();
    peer.say("hello");
    expect(log).toEqual(["hello"]);
  });

  it("applies to all events, to a prefix or to one name", async () => {
    const { register, log } = setUp();
    const note = (name: string) => (context: { eventName: string }, next: () => Promise<void>) => {
      log.push(`${name}: ${context.eventName}`);
      return next();
    };
    register.use(note("all"));
    register.use("chat:*", note("prefix"));
    register.use("chat:say", note("one"));
    for (const name of ["chat:say", "chat:typing", "chats", "other"]) register.onEvent(name, () => {});
    const peer = await new MemoryPeer(register).start();
    log.length = 0;
    for (const name of ["chat:say", "chat:typing", "chats", "other"]) peer.say(name);
    await flushed();
    expect(log).toEqual([
      "all: chat:say",
      "prefix: chat:say",
      "one: chat:say",
      "all: chat:typing",
      "prefix: chat:typing",
      "all: chats",
      "all: other",
    ]);
  });

  it("does not run for events nobody handles", async () => {
    const { register, log } = setUp();
    register.use((context, next) => {
      log.push(context.eventName);
      return next();
    });
    const peer = await new MemoryPeer(register).start();
    peer.say("nobody");
    expect(log).toEqual(["connected"]);
  });

  it("applies from the next event on when it is added later", async () => {
    const { register, log } = setUp();
    register.onEvent("hello", () => log.push("hello"));
    const peer = await new MemoryPeer(register).start();
    peer.say("hello");
    register.use((_context, next) => {
      log.push("middleware");
      return next();
    });
    peer.say("hello");
    expect(log).toEqual(["hello", "middleware", "hello"]);
  });

  it("may fill the state that the handler sees", async () => {
    const { register, log } = setUp();
    register.use((context, next) => {
      context.state.name = "Ada";
      return next();
    });
    register.onEvent("hello", ({ state, connection }) => log.push(state.name, connection.state.name));
    const peer = await new MemoryPeer(register).start();
    peer.say("hello");
    expect(log).toEqual(["Ada", "Ada"]);
  });
});

describe("next()", () => {
  it("called twice is an error, and the handler has run once", async () => {
    const { register, log, errors } = setUp();
    register.use("hello", async (_context, next) => {
      await next();
      await next();
    });
    register.onEvent("hello", () => log.push("hello"));
    const peer = await new MemoryPeer(register).start();
    peer.ask("1", "hello");
    await flushed();
    expect(log).toEqual(["hello"]);
    expect(errors).toMatchObject([{ code: "next_called_twice" }]);
    expect(peer.envelopes).toMatchObject([{ eventName: "error", payload: { code: "internal" } }]);
  });

  it("never called ends the event: the handler does not run, and a request gets not_handled", async () => {
    const { register, log, errors } = setUp();
    register.use("hello", () => "a return value is no answer");
    register.use("hello later", () => flushed());
    for (const name of ["hello", "hello later"]) register.onEvent(name, () => log.push(name));
    const peer = await new MemoryPeer(register).start();
    peer.say("hello");
    peer.ask("1", "hello");
    peer.ask("2", "hello later");
    await flushed();
    await flushed();
    expect(log).toEqual([]);
    expect(errors).toEqual([]);
    expect(peer.envelopes).toMatchObject([
      { payload: { code: "not_handled" }, headers: { zap: { re: "1" } } },
      { payload: { code: "not_handled" }, headers: { zap: { re: "2" } } },
    ]);
  });

  it("that nobody waited for is waited for before the next event", async () => {
    const { register, log } = setUp();
    const gate = new Gate();
    register.use("work", (_context, next) => {
      void next();
    });
    register.onEvent("work", async ({ payload }) => {
      log.push(`start ${payload}`);
      await gate.passed;
      log.push(`end ${payload}`);
      return payload;
    });
    const peer = await new MemoryPeer(register).start();
    peer.ask("1", "work", 1);
    peer.ask("2", "work", 2);
    gate.open();
    await flushed();
    expect(log).toEqual(["start 1", "end 1", "start 2", "end 2"]);
    expect(peer.envelopes.map(({ payload }) => payload)).toEqual([1, 2]);
  });

  it("that nobody waited for, twice over, is waited for as well", async () => {
    const { register, log } = setUp();
    const gate = new Gate();
    register.use("work", (_context, next) => {
      void next();
    });
    register.use("work", async (_context, next) => {
      await flushed();
      void next();
    });
    register.use("work", async (_context, next) => {
      await next();
      await gate.passed;
      log.push("tail");
    });
    register.onEvent("work", ({ payload }) => log.push(payload));
    const peer = await new MemoryPeer(register).start();
    peer.say("work", 1);
    peer.say("work", 2);
    await flushed();
    await flushed();
    expect(log).toEqual([1]);
    gate.open();
    await flushed();
    await flushed();
    await flushed();
    expect(log).toEqual([1, "tail", 2, "tail"]);
  });

  it("that nobody waited for and that fails is reported once", async () => {
    const { register, errors } = setUp();
    const boom = new Error("boom");
    register.use("work", (_context, next) => {
      void next();
    });
    register.onEvent("work", async () => {
      await flushed();
      throw boom;
    });
    const peer = await new MemoryPeer(register).start();
    peer.say("work");
    await flushed();
    await flushed();
    expect(errors).toEqual([boom]);
  });

  it("is waited for when the middleware that called it fails", async () => {
    const { register, log, errors } = setUp();
    const gate = new Gate();
    const boom = new Error("boom");
    register.use("work", async (_context, next) => {
      void next();
      throw boom;
    });
    register.onEvent("work", async ({ payload }) => {
      log.push(`start ${payload}`);
      await gate.passed;
      log.push(`end ${payload}`);
    });
    const peer = await new MemoryPeer(register).start();
    peer.say("work", 1);
    peer.say("work", 2);
    await flushed();
    expect(log).toEqual(["start 1"]);
    gate.open();
    await flushed();
    expect(log).toEqual(["start 1", "end 1", "start 2", "end 2"]);
    expect(errors).toEqual([boom, boom]);
  });
});

describe("errors in a chain", () => {
  it("of the handler come out of next(), where middleware may take them", async () => {
    const { register, log, errors } = setUp();
    register.use(async (_context, next) => {
      try {
        await next();
      } catch (error) {
        log.push(error);
      }
    });
    const boom = new Error("boom");
    register.onEvent("throws", () => {
      throw boom;
    });
    register.onEvent("rejects", () => Promise.reject(boom));
    const peer = await new MemoryPeer(register).start();
    peer.ask("1", "throws");
    peer.ask("2", "rejects");
    await flushed();
    expect(log).toEqual([boom, boom]);
    expect(errors).toEqual([]);
    expect(peer.envelopes).toMatchObject([{ payload: { code: "not_handled" } }, { payload: { code: "not_handled" } }]);
  });

  it("of the middleware refuse the event, with their code for who asked", async () => {
    const { register, log } = setUp();
    register.use("secret", () => {
      throw new ZapError("not_allowed", "Members only.", { members: 3 });
    });
    register.onEvent("secret", () => log.push("secret"));
    const peer = await new MemoryPeer(register).start();
    peer.ask("1", "secret");
    await flushed();
    expect(log).toEqual([]);
    expect(peer.envelopes).toEqual([
      {
        eventName: "error",
        payload: { code: "not_allowed", message: "Members only.", details: { members: 3 } },
        headers: { zap: { re: "1" } },
      },
    ]);
    expect(peer.connection.status).toBe("open");
  });
});
