// Attacks one server in every way there is, and looks after each whether anybody was harmed. Knows no connector.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { cutAll } from "../support/raw-peer.ts";
import type { Attack } from "./attack.ts";
import { cuts } from "./cases/cuts.ts";
import { ends } from "./cases/ends.ts";
import { envelopes } from "./cases/envelopes.ts";
import { floods } from "./cases/floods.ts";
import { frames } from "./cases/frames.ts";
import { handshakes } from "./cases/handshakes.ts";
import { requests } from "./cases/requests.ts";
import { rooms } from "./cases/rooms.ts";
import { slow } from "./cases/slow.ts";
import { stopUnderLoad } from "./cases/stop.ts";
import { Outcomes } from "./outcomes.ts";
import type { Subject } from "./subject.ts";
import { Target } from "./target.ts";

const GROUPS: readonly (readonly [string, readonly Attack[]])[] = [
  ["frames", frames],
  ["envelopes", envelopes],
  ["handshakes", [...handshakes, ...cuts]],
  ["floods", floods],
  ["requests", requests],
  ["rooms", rooms],
  ["ends", ends],
];

/** Runs the whole suite over each subject, one after the other, and prints what held. */
export function attackSuite(subjects: readonly Subject[]): void {
  const outcomes = new Outcomes(subjects.map(({ name }) => name));
  describe.each(subjects)("$name, under attack:", (subject) => {
    let target: Target;
    beforeAll(async () => {
      target = await Target.start(subject);
    });
    afterEach(cutAll);
    afterAll(() => target.attacked.kill());

    const withstood = async ({ threats }: Attack, attacking: () => Promise<void>) => {
      outcomes.note(subject.name, threats, "failed");
      await attacking();
      await target.expectUnharmed();
      outcomes.note(subject.name, threats, "held");
    };

    for (const [group, attacks] of GROUPS) {
      const tried = attacks.filter((attack) => subject.admission === "ours" || attack.needsAdmission !== true);
      for (const { threats } of attacks) outcomes.note(subject.name, threats, "not ours");
      describe(group, () => {
        it.each(tried)("a peer that $what", (attack) => withstood(attack, () => attack.run(target)));
      });
    }

    it("peers that take their time", async () => {
      const attacking = slow.map((attack) => attack.run(target));
      for (const [index, attack] of slow.entries()) await attacking[index]?.catch((error) => fail(attack, error));
      for (const attack of slow) await withstood(attack, async () => {});
    });

    it("one line in the log for each peer that was closed, and no other lines", async () => {
      const { refused } = await target.report();
      const closed = Object.values(refused).reduce((sum, count) => sum + count, 0);
      const { log } = target.attacked;
      await expect
        .poll(() => log.filter((line) => line.startsWith("zaptools: closed a connection {")).length)
        .toBe(closed);
      const others = log.filter((line) => !line.startsWith("zaptools: closed a connection {"));
      expect(others.filter((line) => !line.startsWith("zaptools: error {"))).toEqual([]);
    });

    it("the server is stopped under load", async () => {
      outcomes.note(subject.name, ["N1"], "failed");
      await stopUnderLoad(target);
      outcomes.note(subject.name, ["N1"], "held");
      console.log(
        `${subject.name}: ${target.innocent.received} echoes, the slowest ${Math.round(target.innocent.slowest)} ms`,
      );
    });
  });
  afterAll(() => outcomes.print());
}

function fail(attack: Attack, error: unknown): never {
  throw new Error(`a peer that ${attack.what}`, { cause: error });
}
