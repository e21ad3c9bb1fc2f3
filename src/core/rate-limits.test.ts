import { describe, expect, it } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { type Limits, resolveLimits } from "../protocol/limits.ts";
import { RateLimits } from "./rate-limits.ts";

function setUp(changes: Partial<Limits>) {
  const clock = new ManualClock();
  return { clock, rates: new RateLimits({ clock, limits: resolveLimits(changes) }) };
}

describe("the rates of one connection", () => {
  it("let a burst of two seconds' worth through, of events and of bytes", () => {
    const events = setUp({ eventsPerSecond: 5 });
    for (let index = 0; index < 10; index++) expect(events.rates.admit("x")).toBe(true);
    expect(events.rates.admit("x")).toBe(false);
    const bytes = setUp({ bytesPerSecond: 5 });
    expect(bytes.rates.admit("x".repeat(10))).toBe(true);
    expect(bytes.rates.admit("x")).toBe(false);
  });

  it("let through again what time has made room for", () => {
    const { rates, clock } = setUp({ eventsPerSecond: 5 });
    for (let index = 0; index < 10; index++) rates.admit("x");
    clock.advance(199);
    expect(rates.admit("x")).toBe(false);
    clock.advance(1);
    expect(rates.admit("x")).toBe(true);
  });

  it("let at least one event through, however low the rate", () => {
    const { rates, clock } = setUp({ eventsPerSecond: 0.1 });
    expect(rates.admit("x")).toBe(true);
    expect(rates.admit("x")).toBe(false);
    clock.advance(10_000);
    expect(rates.admit("x")).toBe(true);
  });

  it("charge what costs more than one, as long as there is as much", () => {
    const { rates, clock } = setUp({ eventsPerSecond: 5 });
    expect(rates.charge(9)).toBe(true);
    expect(rates.charge(2)).toBe(false);
    clock.advance(200);
    expect(rates.charge(2)).toBe(true);
    expect(rates.admit("x")).toBe(false);
  });

  it("let everything through without limits", () => {
    const { rates } = setUp({ eventsPerSecond: Number.POSITIVE_INFINITY, bytesPerSecond: Number.POSITIVE_INFINITY });
    for (let index = 0; index < 10_000; index++) expect(rates.admit("x".repeat(10_000))).toBe(true);
  });
});
