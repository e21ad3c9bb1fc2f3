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
import { TOKEN_MARK, type Variant } from "./doorkeeper.ts";
import { Outcomes } from "./outcomes.ts";
import type { Subject } from "./subject.ts";
import { Target } from "./target.ts";

type Groups = readonly (readonly [name: string, attacks: readonly Attack[]])[];

/** What is tried on each of the applications. */
const ATTACKS: Readonly<Record<Variant, Groups>> = {
  plain: [
    ["frames", frames],
    ["envelopes", envelopes],
    ["handshakes", [...handshakes, ...cuts]],
    ["floods", floods],
    ["requests", requests],
    ["rooms", rooms],
    ["ends", ends],
  ],
  guarded: [["entrances", entrances]],
  gated: [["gates", gates]],
};

/** Runs the whole suite over each subject, one after the other, and prints what held. */
export function attackSuite(subjects: readonly Subject[]): void {
  const outcomes = new Outcomes(subjects.map(({ name }) => name));
  describe.each(subjects)("$name", (subject) => {
    for (const [variant, groups] of Object.entries(ATTACKS)) {
      describe(`${variant}, under attack:`, () => attackOne(subject, variant as Variant, groups, outcomes));
    }
  });
  afterAll(() => outcomes.print());
}

function attackOne(subject: Subject, variant: Variant, groups: Groups, outcomes: Outcomes): void {
  let target: Target;
  beforeAll(async () => {
    target = await Target.start(subject, variant);
  });
  afterEach(cutAll);
  afterAll(() => target.attacked.kill());

  const withstood = async ({ threats }: Attack, attacking: () => Promise<void>) => {
    outcomes.note(subject.name, threats, "failed");
    await attacking();
    await target.expectUnharmed();
    outcomes.note(subject.name, threats, "held");
  };

  for (const [group, attacks] of groups) {
    describe(group, () => {
      it.each(attacks)("a peer that $what", (attack) => withstood(attack, () => attack.run(target)));
    });
  }

  if (variant === "plain") {
    it("peers that take their time", async () => {
      const attacking = await Promise.allSettled(slow.map((attack) => attack.run(target)));
      for (const [index, attack] of slow.entries()) {
        await withstood(attack, async () =>
          expect(attacking[index], attack.what).toMatchObject({ status: "fulfilled" }),
        );
      }
    });
  }

  it("one line in the log for each peer that was closed, and neither tokens nor other lines", async () => {
    const { refused } = await target.report();
    const closed = Object.values(refused).reduce((sum, count) => sum + count, 0);
    const { log } = target.attacked;
    const isOfPeer = (line: string) => line.startsWith("zaptools: closed a connection {");
    await expect.poll(() => log.filter(isOfPeer).length).toBe(closed);
    const known = /^zaptools: (error|authenticate failed) \{/;
    expect(log.filter((line) => !isOfPeer(line) && !known.test(line))).toEqual([]);
    expect(log.filter((line) => line.includes(TOKEN_MARK))).toEqual([]);
  });

  it("the server is stopped, under load where everybody may come in", async () => {
    expect(await target.innocent.harm()).toBeUndefined();
    target.innocent.leave();
    outcomes.note(subject.name, ["N1"], "failed");
    if (variant === "plain") await stopUnderLoad(target);
    else expect(await target.attacked.stop()).toBe(0);
    outcomes.note(subject.name, ["N1"], "held");
    const { received, slowest } = target.innocent;
    console.log(`${subject.name}, ${variant}: ${received} echoes, the slowest took ${Math.round(slowest)} ms`);
  });
}
