// Random joins, leaves, closes and broadcasts, held against a model so plain that it cannot be wrong.
import fc from "fast-check";
import { expect, it } from "vitest";
import { flushed, MemoryPeer } from "../../test/support/memory-peer.ts";
import { EventRegister } from "./event-register.ts";

const RUNS = 2_000;
const ROOMS = ["a", "b", "c"];
const PEERS = 5;

const room = fc.constantFrom(...ROOMS);
const peer = fc.nat(PEERS - 1);
const rooms = fc.array(room, { maxLength: 3 });

const step = fc.oneof(
  fc.record({ kind: fc.constant("join"), peer, room }),
  fc.record({ kind: fc.constant("leave"), peer, room }),
  fc.record({ kind: fc.constant("close"), peer }),
  fc.record({ kind: fc.constant("open"), peer }),
  fc.record({ kind: fc.constant("meta"), peer, room, meta: fc.nat(9) }),
  fc.record({ kind: fc.constant("send"), rooms, without: rooms, excluded: fc.array(peer, { maxLength: 2 }) }),
  fc.record({ kind: fc.constant("broadcast"), without: rooms, excluded: fc.array(peer, { maxLength: 2 }) }),
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The model: who is there, in which rooms with what, and what each has got. */
class Model {
  readonly rooms = new Map<number, Map<string, number | undefined>>();
  readonly inboxes: string[][] = Array.from({ length: PEERS }, () => []);

  deliver(
    text: string,
    meant: (peer: number) => boolean,
    without: readonly string[],
    excluded: readonly number[],
  ): void {
    for (const [id, own] of this.rooms) {
      if (!meant(id) || excluded.includes(id) || without.some((name) => own.has(name))) continue;
      this.inboxes[id]?.push(text);
    }
  }

  members(name: string): number[] {
    return [...this.rooms].filter(([, own]) => own.has(name)).map(([id]) => id);
  }
}

/** The real thing, driven the same way. */
class System {
  readonly register = new EventRegister();
  readonly peers = new Map<number, MemoryPeer<ReturnType<EventRegister["plug"]>>>();
  readonly inboxes: string[][] = Array.from({ length: PEERS }, () => []);

  async open(id: number): Promise<void> {
    this.peers.set(id, await new MemoryPeer(this.register, { id: `peer-${id}` }).start());
  }

  async collect(): Promise<void> {
    await flushed();
    for (const [id, one] of this.peers) {
      const got = one.envelopes.map(({ eventName }) => eventName);
      this.inboxes[id]?.push(...got.slice(this.read.get(one) ?? 0));
      this.read.set(one, got.length);
    }
  }

  readonly read = new Map<object, number>();
}

async function apply(system: System, model: Model, one: Step, text: string): Promise<void> {
  const { connections } = system.register;
  if ("peer" in one) {
    const own = model.rooms.get(one.peer);
    const live = system.peers.get(one.peer);
    if (one.kind === "open" && own === undefined) {
      model.rooms.set(one.peer, new Map());
      await system.open(one.peer);
    }
    if (one.kind === "close" && live !== undefined) {
      model.rooms.delete(one.peer);
      await system.collect();
      system.peers.delete(one.peer);
      live.leave();
    }
    if ("room" in one && live !== undefined) {
      if (one.kind === "join") {
        if (!own?.has(one.room)) own?.set(one.room, undefined);
        await live.connection.join(one.room);
      }
      if (one.kind === "leave") {
        own?.delete(one.room);
        live.connection.leave(one.room);
      }
      if ("meta" in one) {
        if (own?.has(one.room)) own.set(one.room, one.meta);
        connections.room(one.room).setMeta(live.connection, one.meta);
      }
    }
    return;
  }
  const selectors = [...one.without, ...one.excluded.map((id) => `peer-${id}`)];
  if ("rooms" in one) {
    const own = (id: number) => one.rooms.some((name) => model.rooms.get(id)?.has(name));
    model.deliver(text, own, one.without, one.excluded);
    await connections
      .to(...one.rooms)
      .except(...selectors)
      .send(text);
  } else {
    model.deliver(text, () => true, one.without, one.excluded);
    await connections.broadcast(text, null, { exclude: selectors });
  }
}

it(`rooms do what a naive model does, over ${RUNS} random histories`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const system = new System();
      const model = new Model();
      for (let id = 0; id < PEERS; id++) {
        model.rooms.set(id, new Map());
        await system.open(id);
      }
      for (const [index, one] of steps.entries()) await apply(system, model, one, `event-${index}`);
      await system.collect();
      expect(system.inboxes).toEqual(model.inboxes);
      for (const name of ROOMS) {
        const found = system.register.connections.room(name);
        const ids = found.members().map(({ id }) => id);
        expect(ids.toSorted()).toEqual(
          model
            .members(name)
            .map((id) => `peer-${id}`)
            .toSorted(),
        );
        for (const [id, one] of system.peers) {
          expect(found.meta(one.connection)).toBe(model.rooms.get(id)?.get(name));
        }
      }
      const populated = ROOMS.filter((name) => model.members(name).length > 0);
      expect(
        system.register.connections
          .rooms()
          .map(({ name }) => name)
          .toSorted(),
      ).toEqual(populated);
      expect(system.register.connections.size).toBe(model.rooms.size);
    }),
    { numRuns: RUNS },
  );
});
