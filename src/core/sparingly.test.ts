import { describe, expect, it } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { sparingly } from "./sparingly.ts";

function setUp() {
  const clock = new ManualClock();
  const lines: unknown[] = [];
  const logger = {
    warn: (fields: object, message: string) => void lines.push({ message, ...fields }),
    error: () => {},
  };
  return { clock, lines, report: sparingly(logger, clock, "broker") };
}

describe("what is logged sparingly", () => {
  it("is said at once the first time", () => {
    const { lines, report } = setUp();
    report("one");
    expect(lines).toEqual([{ message: "broker", error: "one" }]);
  });

  it("is not said again for 5 seconds, and then with the number of those that were not said", () => {
    const { clock, lines, report } = setUp();
    report("one");
    for (let index = 0; index < 1_000; index++) report("more");
    clock.advance(4_999);
    report("early");
    expect(lines).toHaveLength(1);
    clock.advance(1);
    report("late");
    expect(lines[1]).toEqual({ message: "broker", error: "late", before: 1_001 });
  });

  it("counts anew after each line", () => {
    const { clock, lines, report } = setUp();
    for (const error of ["one", "two"]) report(error);
    clock.advance(5_000);
    report("three");
    clock.advance(5_000);
    report("four");
    expect(lines).toEqual([
      { message: "broker", error: "one" },
      { message: "broker", error: "three", before: 1 },
      { message: "broker", error: "four" },
    ]);
  });
});
