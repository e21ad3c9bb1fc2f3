// Attacks one server in every way there is, and looks after each whether anybody was harmed. Knows no connector.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { cutAll } from "../support/raw-peer.ts";
import type { Attack } from "./attack.ts";
import { cuts } from "./cases/cuts.ts";
import { ends } from "./cases/ends.ts";
import { entrances } from "./cases/entrances.ts";
import { envelopes } from "./cases/envelopes.ts";
import { floods } from "./cases/floods.ts";
import { frames } from "./cases/frames.ts";
import { gates } from "./cases/gates.ts";
import { handshakes } from "./cases/handshakes.ts";
import { requests } from "./cases/requests.ts";
import { rooms } from "./cases/rooms.ts";
import { slow } from "./cases/slow.ts";
import { stopUnderLoad } from "./cases/stop.ts";
import { isStoppedAlone, isTriedOn } from "./differences.ts";
import { TOKEN_MARK, type Variant } from "./doorkeeper.ts";
import { Outcomes } from "./outcomes.ts";
import type { Subject } from "./subject.ts";
import { Target } from "./target.ts";

/** Attacks of one kind, and how many of them go on at the same time. */
interface Group {
  readonly name: string;
  readonly attacks: readonly Attack[];
  readonly atOnce: number;
}

/** What is tried on each of the applications. Attacks that look at what the whole server holds go one by one. */
const ATTACKS: Readonly<Record<Variant, readonly Group[]>> = {
  plain: [
    { name: "frames", attacks: frames, atOnce: 8 },
    { name: "envelopes", attacks: envelopes, atOnce: 8 },
    { name: "ends", attacks: ends, atOnce: 8 },
    { name: "handshakes", attacks: [...handshakes, ...cuts], atOnce: 1 },
    { name: "floods", attacks: floods, atOnce: 1 },
    { name: "requests", attacks: requests, atOnce: 1 },
    { name: "rooms", attacks: rooms, atOnce: 1 },
    { name: "what takes time", attacks: slow, atOnce: slow.length },
  ],
  guarded: [{ name: "entrances", attacks: entrances, atOnce: 1 }],
  gated: [{ name: "gates", attacks: gates, atOnce: 1 }],
};

/** Runs the whole suite over each subject, one after the other, and prints what held. */
export function attackSuite(subjects: readonly Subject[]): void {
  const outcomes = new Outcomes(subjects.map(({ name }) => name));
  describe.each(subjects)("$name", (subject) => {
    for (const [variant, groups] of Object.entries(ATTACKS)) {
      describe(`${variant}, under attack:`, () => {
        const target = attackOne(subject, variant as Variant, groups, outcomes);
        stopOne(subject, variant as Variant, target, outcomes);
      });
    }
  });
  afterAll(() => outcomes.print());
}

function attackOne(subject: Subject, variant: Variant, groups: readonly Group[], outcomes: Outcomes): () => Target {
  let target: Target;
  beforeAll(async () => {
    target = await Target.start(subject, variant);
  });
  afterEach(cutAll);
  afterAll(() => target.attacked.kill());

  /** Fails like `attacking`, and notes how it went. */
  const withstood = async ({ threats }: Attack, attacking: () => Promise<unknown>) => {
    outcomes.note(subject.name, threats, "failed");
    await attacking();
    outcomes.note(subject.name, threats, "held");
  };

  for (const { name, attacks: all, atOnce } of groups) {
    const attacks = all.filter(({ what }) => isTriedOn(subject.name, what));
    describe(name, () => {
      if (atOnce === 1) {
        it.each(attacks)("a peer that $what", (attack) =>
          withstood(attack, async () => {
            await attack.run(target);
            await target.expectUnharmed();
          }));
        return;
      }
      const running = new Map<Attack, Promise<void>>();
      let unharmed: Promise<void>;
      beforeAll(async () => {
        await inTurn(attacks, atOnce, (attack) => {
          running.set(attack, attack.run(target));
          return running.get(attack);
        });
        unharmed = target.expectUnharmed();
        await unharmed.catch(() => {});
      });
      // Where somebody was harmed, one of them did it: then all of them fail.
      it.each(attacks)("a peer that $what", (attack) =>
        withstood(attack, () => Promise.all([running.get(attack), unharmed])));
    });
  }

  it("one line in the log for each peer that was closed, and neither tokens nor other lines", async () => {
    const { refused } = await target.report();
    const closed = Object.values(refused).reduce((sum, count) => sum + count, 0);
    const { log } = target.attacked;
    const isOfPeer = (line: string) => line.startsWith("zaptools: closed a connection {");
    await expect.poll(() => log.filter(isOfPeer).length).toBe(closed);
    const known = /^zaptools: (error|authenticate failed) \{|^Deno\.serve: request\.signal/;
    expect(log.filter((line) => !isOfPeer(line) && !known.test(line))).toEqual([]);
    expect(log.filter((line) => line.includes(TOKEN_MARK))).toEqual([]);
  });
  return () => target;
}

function stopOne(subject: Subject, variant: Variant, targetOf: () => Target, outcomes: Outcomes): void {
  it("the server is stopped, under load where everybody may come in", async () => {
    const alone = isStoppedAlone(subject.name);
    const target = alone ? await Target.start(subject, variant) : targetOf();
    expect(await targetOf().innocent.harm()).toBeUndefined();
    expect(await target.innocent.harm()).toBeUndefined();
    target.innocent.leave();
    outcomes.note(subject.name, ["N1"], "failed");
    if (variant === "plain" && !alone) await stopUnderLoad(target).finally(() => target.attacked.kill());
    else expect(await target.attacked.stop()).toBe(0);
    outcomes.note(subject.name, ["N1"], "held");
    const { received, slowest } = target.innocent;
    console.log(`${subject.name}, ${variant}: ${received} echoes, the slowest took ${Math.round(slowest)} ms`);
  });
}

/** Does `work` on all items, `atOnce` of them at the same time, whatever fails. */
async function inTurn<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void> | undefined) {
  const left = items.values();
  const worker = async () => {
    for (const item of left) await work(item)?.catch(() => {});
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
