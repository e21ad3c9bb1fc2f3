import { describe, expect, it, vi } from "vitest";
import { atEndOfTick } from "./tick.ts";

const nextTick = () => new Promise((resolve) => setImmediate(resolve));

describe("the end of the tick", () => {
  it("comes after all microtasks and runs everything once, in the order it was asked for", async () => {
    const log: string[] = [];
    atEndOfTick({ flush: () => log.push("first") });
    atEndOfTick({ flush: () => log.push("second") });
    await Promise.resolve();
    await new Promise<void>((resolve) => process.nextTick(resolve));
    expect(log).toEqual([]);
    await nextTick();
    expect(log).toEqual(["first", "second"]);
    await nextTick();
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
    await nextTick();
    expect(log).toEqual(["now"]);
    await nextTick();
    expect(log).toEqual(["now", "later"]);
  });
});

it("flushes before the next event of the runtime in a Worker, where events cannot touch each other's sockets", async () => {
  vi.stubGlobal("WebSocketPair", class {});
  vi.resetModules();
  const { atEndOfTick: atEndOfEvent } = await import("./tick.ts");
  const order: string[] = [];
  setImmediate(() => order.push("next event"));
  atEndOfEvent({ flush: () => order.push("flushed") });
  order.push("this event");
  await new Promise((resolve) => setImmediate(resolve));
  vi.unstubAllGlobals();
  expect(order).toEqual(["this event", "flushed", "next event"]);
});
