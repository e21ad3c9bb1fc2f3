import { describe, expect, it } from "vitest";
import { flushed } from "../../test/support/memory-peer.ts";
import { atEndOfTick } from "./tick.ts";

describe("the end of the tick", () => {
  it("comes after all microtasks and runs everything once, in the order it was asked for", async () => {
    const log: string[] = [];
    atEndOfTick({ flush: () => log.push("first") });
    atEndOfTick({ flush: () => log.push("second") });
    await Promise.resolve();
    await new Promise<void>((resolve) => process.nextTick(resolve));
    expect(log).toEqual([]);
    await flushed();
    expect(log).toEqual(["first", "second"]);
    await flushed();
    expect(log).toEqual(["first", "second"]);
  });

  it("puts what is asked for while it runs off to the next one", async () => {
    const log: string[] = [];
    atEndOfTick({
      flush: () => {
        log.push("now");
        atEndOfTick({ flush: () => log.push("later") });
      },
    });
    await flushed();
    expect(log).toEqual(["now"]);
    await flushed();
    expect(log).toEqual(["now", "later"]);
  });
});
