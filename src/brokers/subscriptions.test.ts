// A node listens to the rooms that have members on it, and to no others.
import { beforeEach, expect, it } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { MemoryCarrier } from "../../test/support/memory-carrier.ts";
import { flushed } from "../../test/support/memory-peer.ts";
import { Subscriptions } from "./subscriptions.ts";

let carrier: MemoryCarrier;
let clock: ManualClock;
let subscriptions: Subscriptions;

beforeEach(() => {
  [carrier, clock] = [new MemoryCarrier(), new ManualClock()];
  subscriptions = new Subscriptions(carrier, clock);
  subscriptions.isUp = true;
});

it("asks for what changed in a tick together", async () => {
  await Promise.all(["a", "b", "a", "c"].map((channel) => subscriptions.want(channel)));
  subscriptions.unwant("a");
  subscriptions.unwant("c");
  await flushed();
  expect(carrier.orders).toEqual(["subscribe a b c", "unsubscribe a c"]);
});

it("asks for nothing that has changed back meanwhile", async () => {
  subscriptions.want("a");
  subscriptions.unwant("a");
  await flushed();
  await subscriptions.want("b");
  subscriptions.unwant("b");
  subscriptions.want("b");
  await flushed();
  expect(carrier.orders).toEqual(["subscribe b"]);
});

it("has those who want a channel wait until it is in force", async () => {
  let joined = "not yet";
  const waiting = subscriptions.want("a").then(() => {
    joined = carrier.channels.has("a") ? "in force" : "too early";
  });
  expect(joined).toBe("not yet");
  await waiting;
  expect(joined).toBe("in force");
});

it("has nobody wait for a broker that hangs longer than a second, nor at all for one that is not there", async () => {
  carrier.subscribing = "hangs";
  let joined = "not yet";
  const waiting = subscriptions.want("a").then(() => {
    joined = "gave up";
  });
  await flushed();
  clock.advance(999);
  await flushed();
  expect(joined).toBe("not yet");
  clock.advance(1);
  await waiting;
  subscriptions.isUp = false;
  await subscriptions.want("b");
  await flushed();
  clock.advance(1_000);
  expect(clock.timers).toBe(0);
});

it("does what a set would do, over many changes in many ticks", async () => {
  const wanted = new Set<string>();
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let step = 0; step < 2_000; step++) {
    const channel = `c${random(10)}`;
    if (random(2) === 0) {
      wanted.add(channel);
      subscriptions.want(channel);
    } else if (wanted.delete(channel)) subscriptions.unwant(channel);
    if (random(5) === 0) await flushed();
  }
  await flushed();
  expect([...carrier.channels].sort()).toEqual([...wanted].sort());
});
