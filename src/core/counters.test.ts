import { expect, it } from "vitest";
import { Counters } from "./counters.ts";

it("gives figures that stay as they were", () => {
  const counters = new Counters();
  const count = () => {
    counters.events++;
    counters.dropped += 2;
    counters.countRefused(4400);
    counters.countRejected("origin");
    counters.countClosed(1000);
  };
  count();
  const before = counters.snapshot({ connections: 7, pending: 3, bufferedBytes: 12 });
  count();
  counters.countClosed(4400);
  expect(before).toEqual({
    connections: 7,
    pending: 3,
    bufferedBytes: 12,
    events: 1,
    unknownEvents: 0,
    invalidPayloads: 0,
    dropped: 2,
    errors: 0,
    rejected: new Map([["origin", 1]]),
    refused: new Map([[4400, 1]]),
    closed: new Map([[1000, 1]]),
  });
  expect(counters.snapshot({ connections: 0, pending: 0, bufferedBytes: 0 })).toMatchObject({
    events: 2,
    rejected: new Map([["origin", 2]]),
    refused: new Map([[4400, 2]]),
    closed: new Map([
      [1000, 2],
      [4400, 1],
    ]),
  });
});
