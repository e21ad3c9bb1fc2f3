// A link is proven by what comes back on it.
import { beforeEach, expect, it } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { Probe, SILENT_AFTER_MS } from "./probe.ts";

let clock: ManualClock;
let echoes: boolean;
let [sent, silences] = [0, 0];
let probe: Probe;

beforeEach(() => {
  clock = new ManualClock();
  [echoes, sent, silences] = [true, 0, 0];
  probe = new Probe({
    clock,
    send: (number) => {
      sent++;
      if (echoes) clock.after(5, () => probe.heard(number));
    },
    silent: () => silences++,
  });
});

it("sends one each second, and is content as long as they come back", () => {
  probe.start();
  clock.advance(60_000);
  expect([sent, silences]).toEqual([61, 0]);
});

it("says once that the link is dead when none has come back for 2 seconds", () => {
  probe.start();
  clock.advance(10_100);
  echoes = false;
  clock.advance(SILENT_AFTER_MS + 1_000);
  expect(silences).toBe(1);
  clock.advance(60_000);
  expect([silences, clock.timers]).toEqual([1, 0]);
});

it("begins anew with a new link", () => {
  echoes = false;
  probe.start();
  clock.advance(5_000);
  echoes = true;
  probe.start();
  clock.advance(60_000);
  expect(silences).toBe(1);
});

it("waits longer for a probe as long as anything else comes: the link is slow, not dead", () => {
  echoes = false;
  probe.start();
  for (let second = 0; second < 30; second++) {
    probe.alive();
    clock.advance(1_000);
  }
  expect(silences).toBe(0);
  clock.advance(SILENT_AFTER_MS + 1_000);
  expect(silences).toBe(1);
});

it("is not impressed by what it has not sent", () => {
  echoes = false;
  probe.start();
  for (let second = 0; second < 3; second++) {
    for (const number of [0, 99, Number.NaN, -1]) probe.heard(number);
    clock.advance(1_000);
  }
  expect(silences).toBe(1);
});

it("does not blame the link when the process itself stood still", () => {
  probe.start();
  clock.advance(100);
  clock.leap(30_000);
  expect(silences).toBe(0);
  clock.advance(60_000);
  expect(silences).toBe(0);
});
