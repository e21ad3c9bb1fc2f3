import { describe, expect, it } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import type { Envelope } from "../protocol/envelope.ts";
import { type Limits, resolveLimits } from "../protocol/limits.ts";
import type { Refusal } from "../protocol/refusal.ts";
import { Inbox, type InboxOwner } from "./inbox.ts";

const UNLIMITED = { eventsPerSecond: Number.POSITIVE_INFINITY, bytesPerSecond: Number.POSITIVE_INFINITY };

/** Takes note of what an inbox does with what comes. */
class Owner implements InboxOwner {
  readonly names: string[] = [];
  readonly refusals: string[] = [];
  paused = 0;
  pauses = 0;
  isOpen = true;
  isFull = false;
  onAdmit: (name: string) => void = () => {};

  admit({ eventName }: Envelope): void {
    this.names.push(eventName);
    this.onAdmit(eventName);
  }

  pause(): void {
    this.paused++;
    this.pauses++;
  }

  readOn(): void {
    this.paused--;
  }

  turnDown({ reason }: Refusal): void {
    this.isOpen = false;
    this.refusals.push(reason);
  }
}

function setUp(changes: Partial<Limits> = UNLIMITED, canPause = true) {
  const owner = new Owner();
  const inbox = new Inbox(owner, { clock: new ManualClock(), limits: resolveLimits(changes) }, canPause);
  const receive = (from: number, to: number) => {
    for (let index = from; index < to; index++) inbox.receive(textOf(String(index)));
  };
  return { owner, inbox, receive };
}

const textOf = (eventName: string, payload: unknown = null) => JSON.stringify({ eventName, payload });

const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index));

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

async function settled(owner: Owner, count: number): Promise<void> {
  for (let turn = 0; turn < 1_000 && (owner.names.length < count || owner.paused > 0); turn++) await nextTurn();
}

describe("what comes from one peer", () => {
  it("is read at once, up to its share of the turn, and the rest in turns to come, in order", async () => {
    const { owner, receive } = setUp();
    receive(0, 300);
    expect(owner.names).toEqual(numbers(64));
    await nextTurn();
    expect(owner.names).toHaveLength(128);
    await settled(owner, 300);
    expect(owner.names).toEqual(numbers(300));
  });

  it("has a share of each turn, however much came in the turns before", async () => {
    const { owner, receive } = setUp();
    for (let turn = 0; turn < 20; turn++) {
      receive(turn * 60, turn * 60 + 60);
      await nextTurn();
    }
    expect(owner.names).toEqual(numbers(1_200));
    expect(owner.pauses).toBe(0);
  });

  it("has less of a turn the larger it is", async () => {
    const { owner, inbox } = setUp();
    for (let index = 0; index < 10; index++) inbox.receive(textOf(String(index), "x".repeat(20_000)));
    expect(owner.names).toEqual(numbers(4));
    await settled(owner, 10);
    expect(owner.names).toEqual(numbers(10));
  });

  it("is read behind what came before it, also where that waits", async () => {
    const { owner, receive } = setUp();
    receive(0, 100);
    await nextTurn();
    receive(100, 200);
    await settled(owner, 200);
    expect(owner.names).toEqual(numbers(200));
  });

  it("is no longer sent for while it has no share, and is again in the next turn", async () => {
    const { owner, receive } = setUp();
    receive(0, 65);
    expect(owner.paused).toBe(1);
    await nextTurn();
    expect(owner.paused).toBe(0);
  });

  it("is not sent for while more waits than may", async () => {
    const { owner, inbox } = setUp();
    const text = textOf("large", "x".repeat(60_000));
    for (let index = 0; index < 20; index++) inbox.receive(text);
    await nextTurn();
    expect([owner.paused, owner.names.length]).toEqual([1, 4]);
    await settled(owner, 20);
    expect([owner.paused, owner.names.length]).toEqual([0, 20]);
  });

  it("waits while as many events wait as may, for as long as that takes, and goes on when there is room", async () => {
    const { owner, inbox, receive } = setUp();
    owner.onAdmit = (name) => {
      owner.isFull = name === "9" || name === "19";
    };
    receive(0, 30);
    for (let turn = 0; turn < 5; turn++) await nextTurn();
    expect(owner.names).toEqual(numbers(10));
    for (const count of [20, 30]) {
      owner.isFull = false;
      inbox.wake();
      await nextTurn();
      await nextTurn();
      expect(owner.names).toEqual(numbers(count));
    }
    expect(owner.paused).toBe(0);
  });

  it("is all read at once where the socket cannot be paused, also when too much waits", () => {
    const { owner, receive } = setUp(UNLIMITED, false);
    owner.isFull = true;
    receive(0, 1_000);
    expect(owner.names).toEqual(numbers(1_000));
    expect(owner.pauses).toBe(0);
  });
});

describe("a peer that sends more than it may", () => {
  it("is turned down as soon as it has come, before what waits is read", async () => {
    const { owner, receive } = setUp({ eventsPerSecond: 100 });
    receive(0, 201);
    expect(owner.refusals).toEqual(["rate limit"]);
    await nextTurn();
    expect(owner.names).toHaveLength(64);
  });

  it("is slowed down also where nothing of it is read: pings, and what comes after the end", async () => {
    for (const isOpen of [true, false]) {
      const { owner, inbox } = setUp();
      owner.isOpen = isOpen;
      for (let index = 0; index < 65; index++) inbox.pass();
      expect(owner.paused).toBe(1);
      await nextTurn();
      expect(owner.paused).toBe(0);
    }
  });

  it.each([
    [10, 20],
    [100, 200],
    [1_000, 200],
    [50_000, 200],
  ])("may send 100 pings a second, or %i events if that is less, twice as many at once", (eventsPerSecond, most) => {
    const { owner, inbox } = setUp({ eventsPerSecond });
    for (let index = 0; index < most; index++) inbox.ping();
    expect(owner.refusals).toEqual([]);
    inbox.ping();
    expect(owner.refusals).toEqual(["too many pings"]);
  });

  it("may send as many pings as it likes where events are not limited", () => {
    const { owner, inbox } = setUp();
    for (let index = 0; index < 10_000; index++) inbox.ping();
    expect(owner.refusals).toEqual([]);
  });

  it("is told what is wrong in the order it sent it", async () => {
    const { owner, inbox, receive } = setUp();
    receive(0, 100);
    inbox.receive("{");
    receive(100, 110);
    await settled(owner, 100);
    await nextTurn();
    expect(owner.names).toEqual(numbers(100));
    expect(owner.refusals).toHaveLength(1);
  });
});

describe("what waits for its turn", () => {
  it("is read when nothing more will come", () => {
    const { owner, inbox, receive } = setUp();
    receive(0, 300);
    inbox.empty();
    expect(owner.names).toEqual(numbers(300));
  });

  it("is read once and in order, also when a handler brings the end about", async () => {
    const { owner, inbox, receive } = setUp();
    owner.onAdmit = (name) => {
      if (name === "100") inbox.empty();
    };
    receive(0, 300);
    await nextTurn();
    expect(owner.names).toEqual(numbers(300));
    await nextTurn();
    expect(owner.names).toHaveLength(300);
    expect(owner.paused).toBe(0);
  });

  it("is dropped when nobody wants it any more", async () => {
    const { owner, receive } = setUp();
    owner.onAdmit = (name) => {
      owner.isOpen = name !== "70";
    };
    receive(0, 300);
    await nextTurn();
    await nextTurn();
    expect(owner.names).toEqual(numbers(71));
    expect(owner.paused).toBe(0);
  });
});
