// Attacks one server in every way there is, and looks after each whether anybody was harmed. Knows no connector.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { cutAll } from "../support/raw-peer.ts";
import type { Attack } from "./attack.ts";
import { envelopes } from "./cases/envelopes.ts";
import { frames } from "./cases/frames.ts";
import { Outcomes } from "./outcomes.ts";
import type { Subject } from "./subject.ts";
import { Target } from "./target.ts";

const GROUPS: readonly (readonly [string, readonly Attack[]])[] = [
  ["frames", frames],
  ["envelopes", envelopes],
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

    for (const [group, attacks] of GROUPS) {
      describe(group, () => {
        it.each(attacks)("a peer that $what", async (attack) => {
          outcomes.note(subject.name, attack.threats, "failed");
          await attack.run(target);
          await target.expectUnharmed();
          outcomes.note(subject.name, attack.threats, "held");
        });
      });
    }

    it("and whatever it was, one line for each peer that was closed", async () => {
      const { refused } = await target.report();
      const closed = Object.values(refused).reduce((sum, count) => sum + count, 0);
      const { log } = target.attacked;
      await expect.poll(() => log.filter((line) => line.includes("closed a connection")).length).toBe(closed);
    });
  });
  afterAll(() => outcomes.print());
}
