import { beforeEach, describe, expect, it } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { flushed } from "../../test/support/memory-peer.ts";
import { Lifeline } from "./lifeline.ts";
import { LINK_TIMEOUT_MS, type LinkEvents, type RedisLink } from "./redis-link.ts";

/** A link that opens when a test says so, and is not silent when it has been closed. */
class LoudLink implements RedisLink {
  closings = 0;
  opened: () => void = () => {};
  #events: LinkEvents | undefined;

  open(events: LinkEvents): Promise<unknown> {
    this.#events = events;
    return new Promise<void>((resolve) => {
      this.opened = resolve;
    });
  }

  say(text: string): void {
    this.#events?.message("channel", text);
  }

  close(): void {
    this.closings++;
  }

  async publish(): Promise<void> {}
  async subscribe(): Promise<void> {}
  async unsubscribe(): Promise<void> {}
}

let clock: ManualClock;
let links: LoudLink[];
let heard: string[];
let lifeline: Lifeline;

beforeEach(() => {
  clock = new ManualClock();
  links = [];
  heard = [];
  lifeline = new Lifeline({
    clock,
    make: async () => {
      const link = new LoudLink();
      links.push(link);
      return link;
    },
    prepare: async () => {},
    message: (_channel, text) => void heard.push(text),
    up: () => {},
    down: () => {},
  });
  lifeline.start();
});

async function link(index: number): Promise<LoudLink> {
  await flushed();
  const found = links[index];
  if (found === undefined) throw new Error(`There is no link ${index}.`);
  return found;
}

describe("a link that was given up", () => {
  it("is heard no more, however loud it stays, and its successor is", async () => {
    const first = await link(0);
    first.opened();
    await flushed();
    first.say("one");
    lifeline.replace(new Error("silent"));
    await flushed();
    clock.advance(1_000);
    const second = await link(1);
    second.opened();
    await flushed();
    first.say("twice");
    second.say("two");
    expect(heard).toEqual(["one", "two"]);
    expect(lifeline.link).toBe(second);
  });

  it("is closed again when it opens after all, and is not used", async () => {
    const first = await link(0);
    clock.advance(LINK_TIMEOUT_MS);
    await flushed();
    expect(first.closings).toBe(1);
    first.opened();
    await flushed();
    expect(first.closings).toBe(2);
    expect(lifeline.link).toBeUndefined();
  });
});

it("a link is heard while it is made ready, for what proves it comes through it", async () => {
  const first = await link(0);
  first.say("early");
  expect(heard).toEqual(["early"]);
});
