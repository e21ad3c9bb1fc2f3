import { beforeEach, describe, expect, it } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { type Deadlined, SharedTimeLimits, SingleTimeLimits, type TimeLimits } from "./deadlines.ts";

let clock: ManualClock;
let limits: TimeLimits;
let log: string[];

beforeEach(() => {
  clock = new ManualClock();
  limits = new SharedTimeLimits(clock);
  log = [];
});

function begin(name: string, limitMs: number): Deadlined {
  const one = { timeUp: () => void log.push(`${name} at ${clock.now()}`) };
  limits.begin(one, limitMs);
  return one;
}

describe("the deadlines of a register", () => {
  it("come when they are due, each once, and not earlier", () => {
    begin("one", 2_500);
    clock.advance(400);
    begin("two", 2_500);
    clock.advance(2_099);
    expect(log).toEqual([]);
    clock.advance(10_000);
    expect(log).toEqual(["one at 2500", "two at 2900"]);
  });

  it("of different lengths do not wait for each other", () => {
    begin("long", 5_000);
    begin("short", 100);
    clock.advance(5_000);
    expect(log).toEqual(["short at 100", "long at 5000"]);
  });

  it("do not come for what has ended", () => {
    const one = begin("one", 1_000);
    begin("two", 1_000);
    limits.end(one, 1_000);
    clock.advance(5_000);
    expect(log).toEqual(["two at 1000"]);
  });

  it("never come without a limit", () => {
    const one = begin("for ever", Number.POSITIVE_INFINITY);
    expect(clock.timers).toBe(0);
    limits.end(one, Number.POSITIVE_INFINITY);
  });

  it("take one timer for as many as there are, and none a second after the last has ended", () => {
    const all = Array.from({ length: 1_000 }, (_, index) => begin(String(index), 30_000));
    expect(clock.timers).toBe(1);
    clock.advance(1_500);
    expect(clock.timers).toBe(1);
    for (const one of all) limits.end(one, 30_000);
    clock.advance(1_000);
    expect(clock.timers).toBe(0);
    begin("later", 30_000);
    expect(clock.timers).toBe(1);
  });

  it("leave no timer when all is over", () => {
    const shared = new SharedTimeLimits(clock);
    limits = shared;
    begin("one", 30_000);
    begin("two", 100);
    shared.stop();
    expect(clock.timers).toBe(0);
    clock.advance(60_000);
    expect(log).toEqual([]);
  });

  it("come for what begins while others run out of time", () => {
    const restless = { timeUp: () => void log.push(`again at ${clock.now()}`) };
    limits.begin(
      {
        timeUp: () => {
          log.push(`first at ${clock.now()}`);
          limits.begin(restless, 100);
        },
      },
      100,
    );
    clock.advance(100);
    expect(clock.timers).toBe(1);
    clock.advance(1_000);
    expect(log).toEqual(["first at 100", "again at 200"]);
    expect(clock.timers).toBe(0);
  });

  it("that passed while the process stood still come at once, when it goes on", () => {
    begin("one", 1_000);
    begin("two", 1_000);
    clock.leap(3_600_000);
    expect(log).toEqual(["one at 3600000", "two at 3600000"]);
  });
});

describe("deadlines that share no timer", () => {
  beforeEach(() => {
    limits = new SingleTimeLimits(clock);
  });

  it("come when they are due, but for what has ended", () => {
    begin("one", 1_000);
    limits.end(begin("two", 1_000), 1_000);
    clock.advance(5_000);
    expect(log).toEqual(["one at 1000"]);
  });

  it("have a timer each, and none once they have ended", () => {
    const [one, two] = [begin("one", 1_000), begin("two", 1_000)];
    begin("for ever", Number.POSITIVE_INFINITY);
    expect(clock.timers).toBe(2);
    limits.end(one, 1_000);
    expect(clock.timers).toBe(1);
    limits.end(two, 1_000);
    expect(clock.timers).toBe(0);
  });
});
