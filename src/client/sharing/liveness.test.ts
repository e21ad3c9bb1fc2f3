// Liveness: asks after silence, judges by instants, and never calls a living connection dead.
import { expect, test } from "vitest";
import { SleepingClock } from "../../../test/support/sleeping-clock.ts";
import { watch } from "./liveness.ts";

function watched(idleMs = 25_000, timeoutMs = 10_000) {
  const clock = new SleepingClock();
  const told: string[] = [];
  const liveness = watch({
    clock,
    idleMs,
    timeoutMs,
    ping: () => told.push("ping"),
    dead: () => told.push("dead"),
  });
  return { clock, told, liveness };
}

test("it asks after silence, and not before", async () => {
  const { clock, told } = watched();
  await clock.advance(24_999);
  expect(told).toEqual([]);
  await clock.advance(1);
  expect(told).toEqual(["ping"]);
});

test("silence is counted from the last sign of life", async () => {
  const { clock, told, liveness } = watched();
  await clock.advance(20_000);
  liveness.heard();
  await clock.advance(24_999);
  expect(told).toEqual([]);
  await clock.advance(1);
  expect(told).toEqual(["ping"]);
});

test("without an answer in time it is dead, once, and no timer stays", async () => {
  const { clock, told } = watched();
  await clock.advance(35_000);
  expect(told).toEqual(["ping", "dead"]);
  await clock.advance(1_000_000);
  expect(told).toEqual(["ping", "dead"]);
  expect(clock.timers).toBe(0);
});

test("any sign of life is an answer", async () => {
  const { clock, told, liveness } = watched();
  await clock.advance(34_000);
  liveness.heard();
  await clock.advance(24_999);
  expect(told).toEqual(["ping"]);
  await clock.advance(1);
  expect(told).toEqual(["ping", "ping"]);
});

test("a connection that always answers is never called dead, however late the timers are", async () => {
  const { clock, told, liveness } = watched();
  for (let hour = 0; hour < 50; hour++) {
    await clock.sleep(3_600_000);
    liveness.heard();
  }
  expect(told).not.toContain("dead");
});

test("after a sleep it asks at once", async () => {
  const { clock, told } = watched();
  await clock.advance(1_000);
  await clock.sleep(60_000);
  expect(told).toEqual(["ping"]);
});

test("a probe asks at once, and only once until there is an answer", async () => {
  const { told, liveness } = watched();
  liveness.probe();
  liveness.probe();
  expect(told).toEqual(["ping"]);
  liveness.heard();
  liveness.probe();
  expect(told).toEqual(["ping", "ping"]);
});

test("a clock that is set back makes the silence no longer", async () => {
  const { clock, told } = watched();
  await clock.advance(1_000);
  clock.set(-3_600_000);
  await clock.advance(24_000);
  expect(told).toEqual(["ping"]);
});

test("there is never more than one timer, and none once it is stopped", async () => {
  const { clock, told, liveness } = watched();
  for (let turn = 0; turn < 10; turn++) {
    await clock.advance(7_000);
    liveness.probe();
    expect(clock.timers).toBe(1);
    liveness.heard();
  }
  liveness.stop();
  expect(clock.timers).toBe(0);
  const before = told.length;
  await clock.advance(1_000_000);
  expect(told).toHaveLength(before);
});
