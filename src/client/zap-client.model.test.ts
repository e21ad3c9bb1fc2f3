// Whatever happens to a client, in any order: what must hold does. Thousands of random lives on a simulated network.
import fc from "fast-check";
import { expect, test } from "vitest";
import { ClientWorld, type ServerMode } from "../../test/support/client-world.ts";
import { settled } from "../../test/support/sleeping-clock.ts";
import { CloseCode } from "../protocol/close-codes.ts";

const RUNS = 10_000;

/** One thing that happens. */
class Happening implements fc.AsyncCommand<object, ClientWorld> {
  readonly #name: string;
  readonly #happen: (world: ClientWorld) => unknown;

  constructor(name: string, happen: (world: ClientWorld) => unknown) {
    this.#name = name;
    this.#happen = happen;
  }

  check(): boolean {
    return true;
  }

  async run(_: object, world: ClientWorld): Promise<void> {
    await this.#happen(world);
    await settled();
    world.check();
  }

  toString(): string {
    return this.#name;
  }
}

const happens = (name: string, happen: (world: ClientWorld) => unknown) => fc.constant(new Happening(name, happen));

const happensWith = <T>(name: string, values: fc.Arbitrary<T>, happen: (world: ClientWorld, value: T) => unknown) =>
  values.map((value) => new Happening(`${name}(${value})`, (world) => happen(world, value)));

const closeCodes = fc.constantFrom(...Object.values(CloseCode), 3_000, 4_000);
const servers = fc.constantFrom<ServerMode>("welcoming", "welcoming", "plain", "refusing", "silent");

const commands = fc.commands(
  [
    happens("connect", (world) => world.connect()),
    happens("drop", (world) => world.drop()),
    happens("halfOpen", (world) => world.halfOpen()),
    happensWith("serverClose", closeCodes, (world, code) => world.serverClose(code)),
    happensWith("drain", fc.nat(60_000), (world, windowMs) => world.drain(windowMs)),
    happensWith("server", servers, (world, mode) => {
      world.server = mode;
    }),
    happensWith("sleep", fc.nat(200_000), (world, ms) => world.sleep(ms)),
    happensWith("advance", fc.nat(40_000), (world, ms) => world.advance(ms)),
    happensWith("advance", fc.nat(500), (world, ms) => world.advance(ms)),
    happens("offline", (world) => world.signal("offline")),
    happens("online", (world) => world.signal("online")),
    happensWith("send", fc.boolean(), (world, volatile) => world.send(volatile)),
    happensWith("request", fc.constantFrom(50, 1_000, 10_000), (world, timeout) => world.request(timeout)),
    happens("news", (world) => world.news()),
    happens("tryReconnect", (world) => world.tryReconnect()),
    happens("close", (world) => world.close()),
  ],
  { maxCommands: 60, size: "max" },
);

test(`whatever happens, what must hold does (${RUNS} runs)`, { timeout: 120_000 }, async () => {
  let happened = 0;
  const reached = new Map<string, number>();
  const property = fc.asyncProperty(
    commands,
    fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
    fc.constantFrom("throw" as const, "drop-oldest" as const, "drop-newest" as const),
    async (commands, numbers, overflow) => {
      const world = new ClientWorld(() => numbers.next().value, overflow);
      world.connect();
      await settled();
      await fc.asyncModelRun(() => ({ model: {}, real: world }), commands);
      await world.checkEnd();
      for (const status of world.statuses) reached.set(status, (reached.get(status) ?? 0) + 1);
      happened += [...commands].length;
    },
  );
  await fc.assert(property, { numRuns: RUNS });
  console.log(`${RUNS} runs, ${happened} happenings, statuses reached:`, Object.fromEntries(reached));
  for (const status of ["connecting", "open", "waiting", "offline", "closed"])
    expect(reached.get(status)).toBeGreaterThan(0);
});
