import { describe, expect, it } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { MemoryLog } from "../../test/support/memory-log.ts";
import { flushed, HANDSHAKE } from "../../test/support/memory-peer.ts";
import { MemoryTransport } from "../../test/support/memory-transport.ts";
import { HELLO_TEXT } from "../protocol/control.ts";
import { EventRegister } from "../rooms/event-register.ts";
import type { Authenticate } from "./authentication.ts";
import { type Carried, carriedBy } from "./carried.ts";

/** A transport of a runtime that forgets programs: it also counts how often everything had been handled. */
class SleepingTransport extends MemoryTransport {
  readonly sleeps = true;
  rests = 0;

  rested(): void {
    this.rests++;
  }
}

const CARRIED: Carried = {
  id: "zpt-1",
  state: { name: "Ada" },
  principal: { id: "ada" },
  rooms: [
    ["lobby", { role: "author" }],
    ["news", undefined],
  ],
  greeted: true,
};

const eventOf = (eventName: string) => JSON.stringify({ eventName, payload: null });

/** A register that writes down what happens, and its clock. */
function setUp(authenticate?: Authenticate) {
  const happened: string[] = [];
  const clock = new ManualClock();
  const note = (what: string) => () => {
    happened.push(what);
  };
  const register = new EventRegister(undefined, {
    clock,
    logger: new MemoryLog(),
    onJoin: note("onJoin"),
    onLeave: note("onLeave"),
    authorizeJoin: () => {
      happened.push("authorizeJoin");
      return true;
    },
    ...(authenticate === undefined ? {} : { authenticate }),
  });
  for (const name of ["connected", "disconnected", "error"] as const) register.onEvent(name, note(name));
  register.onEvent("quick", note("quick"));
  register.onEvent("slow", async () => {
    await flushed();
    happened.push("slow");
  });
  const resume = (carried: Carried = CARRIED) => {
    const transport = new SleepingTransport();
    const processor = register.plug(transport, HANDSHAKE, { resume: carried });
    processor.start();
    return { transport, processor };
  };
  return { register, clock, happened, resume };
}

describe("a connection that is resumed", () => {
  it("is at once what it was: id, state, principal, rooms and what it carries in them", () => {
    const { register, resume } = setUp();
    const { connection } = resume().processor;
    expect(register.connections.get("zpt-1")).toBe(connection);
    expect(connection).toMatchObject({ state: { name: "Ada" }, principal: { id: "ada" }, rooms: ["lobby", "news"] });
    expect(register.connections.room("lobby").meta(connection)).toEqual({ role: "author" });
    expect(carriedBy(connection)).toEqual(CARRIED);
  });

  it("runs neither connected nor the hooks of its rooms, and handles what comes", () => {
    const { happened, resume } = setUp();
    resume().processor.receive(eventOf("quick"));
    expect(happened).toEqual(["quick"]);
  });

  it("gets what is sent to its rooms", async () => {
    const { register, resume } = setUp();
    const { transport } = resume();
    register.connections.room("lobby").send("news", 1);
    await flushed();
    expect(transport.texts).toEqual(['{"eventName":"news","payload":1}']);
  });

  it("runs disconnected at its end, and leaves its rooms then", async () => {
    const { register, happened, resume } = setUp();
    resume().processor.closed(1000, "");
    await flushed();
    expect(happened).toEqual(["disconnected", "onLeave", "onLeave"]);
    expect(register.connections.size).toBe(0);
  });

  it("is told what only those are told who have said zap:hello", async () => {
    const { resume } = setUp();
    const greeted = resume();
    const plain = resume({ ...CARRIED, id: "zpt-2", greeted: false });
    for (const { processor } of [greeted, plain]) processor.announceDraining(1);
    await flushed();
    expect(greeted.transport.texts).toHaveLength(1);
    expect(plain.transport.texts).toEqual([]);
  });

  it("is not asked who it is again, unless nobody knew", async () => {
    let asked = 0;
    const { resume } = setUp(() => {
      asked++;
      return false;
    });
    expect(resume().processor.isOpen).toBe(true);
    expect(asked).toBe(0);
    const { transport } = resume({ ...CARRIED, id: "zpt-2", principal: undefined });
    await flushed();
    expect(asked).toBe(1);
    expect(transport.endings).toMatchObject([{ code: 4401 }]);
  });
});

describe("a transport that sleeps", () => {
  it("is left without timers while its connection is idle, also with a principal that expires", () => {
    const { clock, resume } = setUp();
    resume({ ...CARRIED, principal: { id: "ada", expiresAt: Date.now() + 60_000 } });
    expect(clock.timers).toBe(0);
  });

  it("is asked for no sign of life, and not given up for its silence, beside one that does not sleep", () => {
    const { register, clock, resume } = setUp();
    const awake = new MemoryTransport();
    register.plug(awake, HANDSHAKE).start();
    const { transport } = resume();
    clock.advance(60_000);
    expect(awake.pings).toBe(1);
    expect([transport.pings, transport.endings]).toEqual([0, []]);
  });

  it("has its connection ended when somebody looks and its principal has expired", () => {
    const { resume } = setUp();
    const principal = { id: "ada", expiresAt: Date.now() + 120_000 };
    const { processor, transport } = resume({ ...CARRIED, principal });
    processor.checkAccess();
    expect(transport.endings).toEqual([]);
    principal.expiresAt = Date.now() - 1;
    processor.checkAccess();
    expect(transport.endings).toEqual([{ code: 4401, reason: "the token has expired" }]);
  });

  it("has a peer that can renew its token asked for one, once, in its last minute", async () => {
    const { resume } = setUp();
    const { processor, transport } = resume({
      ...CARRIED,
      principal: { id: "ada", expiresAt: Date.now() + 30_000 },
    });
    processor.checkAccess();
    processor.checkAccess();
    await flushed();
    expect(transport.texts).toEqual(['{"eventName":"zap:auth","payload":null}']);
  });

  it("hears when everything that came has been handled", async () => {
    const { register, happened } = setUp();
    const transport = new SleepingTransport();
    const processor = register.plug(transport, HANDSHAKE);
    processor.start();
    await flushed();
    expect([happened, transport.rests]).toEqual([["connected"], 1]);
    processor.receive(HELLO_TEXT);
    processor.receive(eventOf("slow"));
    processor.receive(eventOf("quick"));
    expect(transport.rests).toBe(1);
    await flushed();
    await flushed();
    expect([happened, transport.rests]).toEqual([["connected", "slow", "quick"], 2]);
  });
});

it("a transport that nothing else may touch is left alone by the heartbeat, but not by the time its principal has", async () => {
  const { register, clock } = setUp();
  const transport = Object.assign(new MemoryTransport(), { unwatched: true });
  register.plug(transport, HANDSHAKE).start();
  await flushed();
  expect(clock.timers).toBe(0);
  const principal = { id: "ada", expiresAt: Date.now() + 60_000 };
  register.plug(Object.assign(new MemoryTransport(), { unwatched: true }), HANDSHAKE, { principal }).start();
  await flushed();
  expect(clock.timers).toBe(1);
});
