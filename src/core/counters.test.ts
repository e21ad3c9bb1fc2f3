import { expect, it } from "vitest";
import { Counters } from "./counters.ts";

it("gives figures that stay as they were", () => {
  const counters = new Counters();
  counters.events = 3;
  counters.countRefused(4400);
  counters.countRejected("origin");
  const before = counters.snapshot(7);
  counters.events++;
  counters.countRefused(4400);
  counters.countRefused(1009);
  counters.countRejected("origin");
  expect(before).toEqual({
    connections: 7,
    events: 3,
    unknownEvents: 0,
    invalidPayloads: 0,
    errors: 0,
    refused: new Map([[4400, 1]]),
    rejected: new Map([["origin", 1]]),
  });
  expect([...counters.snapshot(0).refused]).toEqual([
    [4400, 2],
    [1009, 1],
  ]);
});
