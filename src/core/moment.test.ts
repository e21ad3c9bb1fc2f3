import { describe, expect, it } from "vitest";
import { Moment } from "./moment.ts";

describe("a moment", () => {
  it("may be waited for by several, before and after it has come", async () => {
    const moment = new Moment<string>();
    const before = [moment.wait(), moment.wait()];
    moment.come("now");
    await expect(Promise.all(before)).resolves.toEqual(["now", "now"]);
    await expect(moment.wait()).resolves.toBe("now");
  });

  it("comes once", async () => {
    const moment = new Moment<string>();
    moment.come("first");
    moment.come("second");
    await expect(moment.wait()).resolves.toBe("first");
  });
});
