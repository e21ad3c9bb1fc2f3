// Whatever happens to tabs that share a connection, in any order: what must hold does. Thousands of random lives.
import fc from "fast-check";
import { expect, test } from "vitest";
import { settled } from "../../../test/support/sleeping-clock.ts";
import { TabsWorld } from "../../../test/support/tabs-world.ts";

const RUNS = 1_500;

/** One thing that happens. */
class Happening implements fc.AsyncCommand<object, TabsWorld> {
  readonly #name: string;
  readonly #happen: (world: TabsWorld) => unknown;

  constructor(name: string, happen: (world: TabsWorld) => unknown) {
    this.#name = name;
    this.#happen = happen;
  }

  check(): boolean {
    return true;
  }

  async run(_: object, world: TabsWorld): Promise<void> {
    await this.#happen(world);
    await settled();
    world.check();
  }

  toString(): string {
    return this.#name;
  }
}

const happens = (name: string, happen: (world: TabsWorld) => unknown) => fc.constant(new Happening(name, happen));

const happensWith = <T>(name: string, values: fc.Arbitrary<T>, happen: (world: TabsWorld, value: T) => unknown) =>
  values.map((value) => new Happening(`${name}(${fc.stringify(value)})`, (world) => happen(world, value)));

const tabs = fc.nat(3);
const short = fc.nat(100);

/** What may happen to tabs that all have the time to say goodbye. */
const gentle = [
  happens("open", (world) => world.open()),
  happensWith("close", tabs, (world, tab) => world.close(tab)),
  happensWith("connect", tabs, (world, tab) => world.connect(tab)),
  happensWith("rest", tabs, (world, tab) => world.rest(tab)),
  happensWith("send", tabs, (world, tab) => world.send(tab)),
  happensWith("send", tabs, (world, tab) => world.send(tab)),
  happensWith("sendVolatile", tabs, (world, tab) => world.send(tab, true)),
  happensWith("request", tabs, (world, tab) => world.request(tab)),
  happens("news", (world) => world.news()),
  happensWith("offline", tabs, (world, tab) => world.signal(tab, "offline")),
  happensWith("online", tabs, (world, tab) => world.signal(tab, "online")),
  happensWith("drop", fc.constantFrom(1006, 1012, 1013), (world, code) => world.drop(code)),
  happensWith("server", fc.constantFrom("up" as const, "down" as const), (world, state) => {
    world.server = state;
  }),
  happensWith("advance", short, (world, ms) => world.advance(ms)),
  happensWith("advance", short, (world, ms) => world.advance(ms)),
  happensWith("advance", fc.nat(2_000), (world, ms) => world.advance(ms)),
  happensWith("advance", fc.nat(40_000), (world, ms) => world.advance(ms)),
];

/** What another script of the origin may post: anything, notes of a tab that is none among them. */
const strange = fc.oneof(
  fc.anything(),
  fc.record({
    kind: fc.constantFrom("lead", "joined", "frame", "taken", "end", "ask", "wake", "join", "hand", "leave"),
    from: fc.constantFrom("stranger", "", 7),
    to: fc.constantFrom("tab1", "tab2", ""),
    term: fc.maxSafeNat(),
    open: fc.boolean(),
    session: fc.nat(2),
    taken: fc.nat(3),
    number: fc.nat(3),
    at: fc.constant(1_000_000),
    code: fc.constantFrom(1000, 1006),
    reason: fc.constant("strange"),
    welcome: fc.constant(""),
    text: fc.string(),
  }),
);

const rough = [
  ...gentle,
  happensWith("crash", tabs, (world, tab) => world.crash(tab)),
  happensWith("freeze", tabs, (world, tab) => world.freeze(tab)),
  happensWith("thaw", tabs, (world, tab) => world.thaw(tab)),
  happensWith("intrude", strange, (world, note) => world.intrude(note)),
];

test.each([
  ["whatever happens, nothing is lost silently, sent twice or out of order, and one tab leads", rough],
  ["where tabs have the time to say goodbye, nothing is lost at all", gentle],
])(`%s (${RUNS} runs)`, { timeout: 300_000 }, async (_rule, happenings) => {
  let happened = 0;
  let led = 0;
  const property = fc.asyncProperty(
    fc.commands(happenings, { maxCommands: 60, size: "max" }),
    fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
    async (commands, numbers) => {
      const world = new TabsWorld(() => numbers.next().value);
      world.open();
      world.open();
      await world.advance(1_000);
      await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);
      await world.checkEnd();
      led += world.leaders.size;
      happened += [...commands].length;
    },
  );
  await fc.assert(property, { numRuns: RUNS });
  console.log(`${RUNS} runs, ${happened} happenings, ${led} tabs have led`);
  expect(led).toBeGreaterThan(RUNS);
});
