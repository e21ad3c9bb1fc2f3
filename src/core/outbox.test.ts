import { describe, expect, it } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { flushed } from "../../test/support/memory-peer.ts";
import { MemoryTransport } from "../../test/support/memory-transport.ts";
import { resolveLimits } from "../protocol/limits.ts";
import { Outbox } from "./outbox.ts";
import type { SharedText } from "./transport.ts";

const SOFT = 1_000;
const HARD = 4_000;

function setUp() {
  const transport = new MemoryTransport();
  const clock = new ManualClock();
  const owner = {
    limits: resolveLimits({ bufferedBytesSoft: SOFT, bufferedBytes: HARD }),
    clock,
    overflows: 0,
    drops: 0,
    dropped() {
      this.drops++;
    },
    overflow() {
      this.overflows++;
      outbox.close();
    },
  };
  const outbox: Outbox = new Outbox(transport, owner);
  return { transport, clock, owner, outbox };
}

/** Has the socket keep `bytes` that its peer does not read. */
async function congest({ transport, outbox }: ReturnType<typeof setUp>, bytes: number): Promise<void> {
  transport.buffered = bytes;
  outbox.push("x", false);
  await flushed();
}

describe("joining", () => {
  it("hands what was pushed in one tick to the socket in one write, in order", async () => {
    const { transport, outbox } = setUp();
    const texts = Array.from({ length: 16 }, (_, index) => `text ${index}`);
    for (const text of texts) expect(outbox.push(text, false)).toBe("sent");
    expect(transport.writes).toEqual([]);
    await flushed();
    expect(transport.writes).toEqual([texts]);
  });

  it("begins another write in the next tick", async () => {
    const { transport, outbox } = setUp();
    outbox.push("one", false);
    await flushed();
    outbox.push("two", false);
    await flushed();
    expect(transport.writes).toEqual([["one"], ["two"]]);
  });

  it("takes texts of its own and shared ones in the order they came", async () => {
    const { transport, outbox } = setUp();
    const shared: SharedText = { text: "for all", frame: undefined };
    outbox.push("before", false);
    outbox.push(shared, false);
    outbox.push("after", false);
    await flushed();
    expect(transport.texts).toEqual(["before", "for all", "after"]);
    expect(transport.shared).toEqual([shared]);
    expect(transport.shared[0]).toBe(shared);
  });

  it("sends one by one where the transport cannot join", async () => {
    const texts: unknown[] = [];
    const transport = {
      send: (outgoing: unknown) => {
        texts.push(outgoing);
        return "sent" as const;
      },
      bufferedAmount: () => 0,
      close: () => {},
      terminate: () => {},
    };
    const outbox = new Outbox(transport, setUp().owner);
    for (const text of ["a", "b"]) outbox.push(text, false);
    await flushed();
    expect(texts).toEqual(["a", "b"]);
  });

  it("does not hold back more than the soft limit within one tick", () => {
    const { transport, outbox, owner } = setUp();
    for (let index = 0; index < 100; index++) expect(outbox.push("x".repeat(300), false)).toBe("sent");
    expect(transport.texts.length).toBeGreaterThanOrEqual(97);
    expect(outbox.bufferedBytes).toBeLessThanOrEqual(SOFT);
    expect(owner.overflows).toBe(0);
  });
});

describe("a peer that is slow", () => {
  it("has events wait above the soft limit, and volatile ones dropped", async () => {
    const given = setUp();
    await congest(given, SOFT + 1);
    expect(given.outbox.push("volatile", true)).toBe("dropped");
    expect(given.outbox.push("ordinary", false)).toBe("queued");
    await flushed();
    expect(given.transport.texts).toEqual(["x", "ordinary"]);
  });

  it("gets only the newest event of a key, when it has caught up; what it replaced is counted", async () => {
    const given = setUp();
    await congest(given, SOFT + 1);
    for (const position of [1, 2, 3]) expect(given.outbox.push(`x${position}`, false, "x")).toBe("queued");
    expect(given.outbox.push("y1", false, "y")).toBe("queued");
    await flushed();
    expect(given.transport.texts).toEqual(["x"]);
    expect(given.owner.drops).toBe(2);
    given.transport.buffered = 0;
    given.outbox.settleDrained();
    await flushed();
    expect(given.transport.texts).toEqual(["x", "x3", "y1"]);
    given.clock.advance(1_000);
    expect(given.clock.timers).toBe(0);
  });

  it("gets what was kept for it without anybody saying that it has caught up", async () => {
    const given = setUp();
    await congest(given, SOFT + 1);
    given.outbox.push("newest", false, "key");
    given.clock.advance(200);
    expect(given.transport.texts).toEqual(["x"]);
    given.transport.buffered = SOFT;
    given.clock.advance(50);
    expect(given.transport.texts).toEqual(["x", "newest"]);
  });

  it("never gets an older event of a key after a newer one", async () => {
    const given = setUp();
    await congest(given, SOFT + 1);
    given.outbox.push("older", false, "key");
    given.transport.buffered = 0;
    expect(given.outbox.push("newer", false, "key")).toBe("sent");
    given.clock.advance(200);
    await flushed();
    expect(given.transport.texts).toEqual(["x", "newer"]);
  });

  it("is given up when what is kept for it is above the hard limit too", async () => {
    const given = setUp();
    await congest(given, SOFT + 1);
    for (let key = 0; given.owner.overflows === 0 && key < 100; key++)
      given.outbox.push("x".repeat(300), false, `${key}`);
    expect(given.owner.overflows).toBe(1);
    expect(given.outbox.bufferedBytes).toBeLessThanOrEqual(HARD);
  });

  it("that reads gets every event of a key", async () => {
    const { outbox, transport } = setUp();
    for (const position of ["1", "2", "3"]) outbox.push(position, false, "key");
    await flushed();
    expect(transport.texts).toEqual(["1", "2", "3"]);
  });

  it("gets volatile events at the soft limit", async () => {
    const given = setUp();
    await congest(given, SOFT);
    expect(given.outbox.push("volatile", true)).toBe("sent");
  });

  it("gets volatile events again when it has caught up", async () => {
    const given = setUp();
    await congest(given, SOFT + 1);
    given.transport.buffered = 0;
    expect(given.outbox.push("volatile", true)).toBe("sent");
  });

  it("is given up above the hard limit, once; what comes later is dropped", async () => {
    const given = setUp();
    await congest(given, HARD - 1);
    expect(given.outbox.push("y", false)).toBe("queued");
    expect(given.owner.overflows).toBe(0);
    expect(given.outbox.push("z", false)).toBe("dropped");
    expect(given.outbox.push("z", false)).toBe("dropped");
    expect(given.owner.overflows).toBe(1);
    await flushed();
    expect(given.transport.texts).toEqual(["x"]);
  });

  it("is not given up for one envelope above the hard limit that nothing waits before", async () => {
    const { transport, outbox, owner } = setUp();
    expect(outbox.push("y".repeat(HARD + 1), false)).toBe("sent");
    await flushed();
    expect(transport.texts).toHaveLength(1);
    expect(owner.overflows).toBe(0);
  });
});

describe("drained()", () => {
  it("resolves at once when little waits", async () => {
    await expect(setUp().outbox.drained()).resolves.toBeUndefined();
  });

  it("does not wait for the end of the tick", async () => {
    const { transport, outbox, clock } = setUp();
    outbox.push("x".repeat(SOFT), false);
    await outbox.drained();
    expect(transport.texts).toHaveLength(1);
    expect(clock.timers).toBe(0);
  });

  it("waits until less than the soft limit is buffered", async () => {
    const given = setUp();
    await congest(given, SOFT);
    let drained = 0;
    const waiting = [given.outbox.drained(), given.outbox.drained()].map((one) => one.then(() => drained++));
    given.outbox.settleDrained();
    await flushed();
    expect(drained).toBe(0);
    given.transport.buffered = SOFT - 1;
    given.outbox.settleDrained();
    await Promise.all(waiting);
    expect(drained).toBe(2);
  });

  it("looks by itself where the runtime does not say that a socket has drained", async () => {
    const given = setUp();
    await congest(given, SOFT);
    const drained = given.outbox.drained();
    given.clock.advance(50);
    given.transport.buffered = 0;
    given.clock.advance(50);
    await drained;
    given.clock.advance(50);
    expect(given.clock.timers).toBe(0);
  });

  it("resolves when the connection is over", async () => {
    const given = setUp();
    await congest(given, SOFT);
    const drained = given.outbox.drained();
    given.outbox.close();
    await drained;
  });
});

describe("the end", () => {
  it("drops what comes after it", async () => {
    const { transport, outbox } = setUp();
    outbox.close();
    expect(outbox.push("late", false)).toBe("dropped");
    await flushed();
    expect(transport.texts).toEqual([]);
    expect(outbox.bufferedBytes).toBe(0);
  });
});
