import { describe, expect, it } from "vitest";
import { EventLine, type LineOwner } from "./event-line.ts";

/** Runs events that a test ends when it likes: names in `sync` end at once. */
class Owner implements LineOwner<string> {
  readonly log: string[] = [];
  readonly #running = new Map<string, () => void>();
  onRun: (event: string) => void = () => {};

  run(event: string, ended: () => void): boolean {
    this.log.push(event);
    this.onRun(event);
    if (event.startsWith("sync")) return false;
    this.#running.set(event, ended);
    return true;
  }

  pause(): void {
    this.log.push("pause");
  }

  overflow(): void {
    this.log.push("overflow");
  }

  resume(): void {
    this.log.push("resume");
  }

  async finish(event: string): Promise<void> {
    this.#running.get(event)?.();
    await Promise.resolve();
    await Promise.resolve();
  }
}

function lineOf(concurrency: number, limit: number, most?: number) {
  const owner = new Owner();
  const line = new EventLine(owner, concurrency, limit, most);
  return { owner, line };
}

describe("the order of events", () => {
  it("holds events back until it is opened, then runs them in the order they came", () => {
    const { owner, line } = lineOf(1, 64);
    for (const event of ["sync 1", "sync 2", "sync 3"]) line.push(event);
    expect(owner.log).toEqual([]);
    line.open();
    expect(owner.log).toEqual(["sync 1", "sync 2", "sync 3"]);
  });

  it("runs a synchronous event before push returns, once it is open", () => {
    const { owner, line } = lineOf(1, 64);
    line.open();
    line.push("sync 1");
    expect(owner.log).toEqual(["sync 1"]);
  });

  it("starts the next event when the one before has ended, not earlier", async () => {
    const { owner, line } = lineOf(1, 64);
    line.open();
    for (const event of ["a", "b"]) line.push(event);
    expect(owner.log).toEqual(["a"]);
    await owner.finish("a");
    expect(owner.log).toEqual(["a", "b"]);
  });

  it.each([1, 2])("keeps the order when an event is pushed from within another, with %d at work", (concurrency) => {
    const { owner, line } = lineOf(concurrency, 64);
    owner.onRun = (event) => {
      if (event === "sync 1") for (const later of ["sync 3", "sync 4"]) line.push(later);
    };
    for (const event of ["sync 1", "sync 2"]) line.push(event);
    line.open();
    expect(owner.log).toEqual(["sync 1", "sync 2", "sync 3", "sync 4"]);
  });

  it("has as many events at work as the concurrency says, and never more", async () => {
    const { owner, line } = lineOf(2, 64);
    line.open();
    for (const event of ["a", "b", "c", "d"]) line.push(event);
    expect(owner.log).toEqual(["a", "b"]);
    await owner.finish("b");
    expect(owner.log).toEqual(["a", "b", "c"]);
    await owner.finish("a");
    expect(owner.log).toEqual(["a", "b", "c", "d"]);
  });

  it("does not let a later event overtake one that waits", async () => {
    const { owner, line } = lineOf(2, 64);
    line.open();
    for (const event of ["a", "b", "c"]) line.push(event);
    line.push("sync late");
    await owner.finish("a");
    expect(owner.log).toEqual(["a", "b", "c"]);
    await owner.finish("b");
    expect(owner.log).toEqual(["a", "b", "c", "sync late"]);
  });

  it("does not grow the stack with the number of events that wait", () => {
    const { owner, line } = lineOf(1, Number.POSITIVE_INFINITY);
    for (let index = 0; index < 20_000; index++) line.push("sync");
    line.open();
    expect(owner.log).toHaveLength(20_000);
  });
});

describe("the limit of waiting events", () => {
  it("pauses at the limit, once, and resumes at half of it", async () => {
    const { owner, line } = lineOf(1, 4);
    line.open();
    for (const event of ["a", "b", "c", "d"]) line.push(event);
    expect(owner.log).toEqual(["a"]);
    line.push("e");
    line.push("f");
    expect(owner.log).toEqual(["a", "pause"]);
    expect(line.waiting).toBe(5);
    await owner.finish("a");
    await owner.finish("b");
    expect(owner.log).toEqual(["a", "pause", "b", "c"]);
    await owner.finish("c");
    expect(line.waiting).toBe(2);
    expect(owner.log).toEqual(["a", "pause", "b", "c", "d", "resume"]);
  });

  it("overflows where more come than may wait at all, though they were to pause", () => {
    const { owner, line } = lineOf(1, 2, 4);
    for (const event of ["a", "b", "c", "d"]) line.push(event);
    expect(owner.log).toEqual(["pause"]);
    line.push("e");
    expect(owner.log).toEqual(["pause", "overflow"]);
  });

  it("pauses again after it has resumed", async () => {
    const { owner, line } = lineOf(1, 2);
    line.open();
    for (const event of ["a", "b", "c"]) line.push(event);
    await owner.finish("a");
    line.push("d");
    expect(owner.log).toEqual(["a", "pause", "b", "resume", "pause"]);
  });

  it("counts events that wait for the line to open", () => {
    const { owner, line } = lineOf(1, 2);
    for (const event of ["sync 1", "sync 2", "sync 3"]) line.push(event);
    expect(owner.log).toEqual(["pause"]);
    line.open();
    expect(owner.log).toEqual(["pause", "sync 1", "sync 2", "sync 3", "resume"]);
  });

  it("never pauses without a limit", () => {
    const { owner, line } = lineOf(1, Number.POSITIVE_INFINITY);
    for (let index = 0; index < 1_000; index++) line.push("a");
    expect(owner.log).toEqual([]);
  });
});

describe("the end", () => {
  it("drops what waits and what still comes", async () => {
    const { owner, line } = lineOf(1, 64);
    line.open();
    for (const event of ["a", "b"]) line.push(event);
    const ended = line.end();
    line.push("c");
    await owner.finish("a");
    await ended;
    expect(owner.log).toEqual(["a"]);
    expect(line.waiting).toBe(0);
  });

  it("resolves when the last event at work has ended", async () => {
    const { owner, line } = lineOf(2, 64);
    line.open();
    for (const event of ["a", "b"]) line.push(event);
    let over = "no";
    const ended = line.end().then(() => {
      over = "yes";
    });
    await owner.finish("a");
    expect(over).toBe("no");
    await owner.finish("b");
    await ended;
    expect(over).toBe("yes");
  });

  it("is at once when nothing is at work", async () => {
    const { line } = lineOf(1, 64);
    line.open();
    await expect(line.end()).resolves.toBeUndefined();
  });

  it("cannot be undone by opening", async () => {
    const { owner, line } = lineOf(1, 64);
    line.push("sync 1");
    await line.end();
    line.open();
    line.push("sync 2");
    expect(owner.log).toEqual([]);
  });
});

describe("finishing", () => {
  it("runs what waits, drops what still comes, and resolves when the last has ended", async () => {
    const { owner, line } = lineOf(1, 64);
    line.open();
    for (const event of ["a", "sync b", "c"]) line.push(event);
    const log = owner.log;
    const finished = line.finish().then(() => log.push("finished"));
    line.push("late");
    await owner.finish("a");
    expect(log).toEqual(["a", "sync b", "c"]);
    await owner.finish("c");
    await finished;
    expect(log).toEqual(["a", "sync b", "c", "finished"]);
  });

  it("is at once when nothing is at work, and nothing waits", async () => {
    const idle = lineOf(1, 64);
    idle.line.open();
    await idle.line.finish();
    await lineOf(1, 64).line.finish();
  });

  it("waits for a line that is still shut and runs what came before, and nothing that comes later", async () => {
    const { owner, line } = lineOf(1, 64);
    line.push("sync a");
    const finished = line.finish().then(() => owner.log.push("finished"));
    line.push("late");
    await Promise.resolve();
    expect(owner.log).toEqual([]);
    line.open();
    await finished;
    expect(owner.log).toEqual(["sync a", "finished"]);
  });

  it("waits no longer for a line that will never be opened", async () => {
    const { owner, line } = lineOf(1, 64);
    line.push("waits");
    const finished = line.finish();
    line.end();
    await finished;
    line.open();
    expect(owner.log).toEqual([]);
  });

  it("may be overtaken by the end", async () => {
    const { owner, line } = lineOf(1, 64);
    line.open();
    for (const event of ["a", "b"]) line.push(event);
    const all = Promise.all([line.finish(), line.end()]);
    await owner.finish("a");
    await all;
    expect(owner.log).toEqual(["a"]);
  });
});
