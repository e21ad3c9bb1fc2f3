// How connections end: codes and reasons of the application, Closes of every kind, peers that do not answer one.
import { expect } from "vitest";
import { CLOSE, closeFrame, envelopeFrame, frame, PING, requestFrame } from "../../support/raw-peer.ts";
import type { Attack } from "../attack.ts";
import { differenceOf } from "../differences.ts";

const byApplication: readonly Attack[] = [
  {
    threats: ["O1"],
    what: "has the application close with codes that no frame may carry",
    async run(target) {
      const peer = await target.open();
      for (const code of [0, -1, 999, 1000.5, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_536, "1000", {}, []]) {
        expect([code, await peer.ask("close", { code, reason: "" })]).toEqual([code, "invalid_close_code"]);
      }
      peer.reset();
    },
  },
  ...(
    [
      ["a reason of 300 bytes", "ü".repeat(150), "ü".repeat(61)],
      ["a reason that would be cut within a character", `${"x".repeat(121)}😀`, "x".repeat(121)],
      ["a reason with half a character", "a\ud83d", "a\ufffd"],
      ["a reason that is no text", { toString: 1, valueOf: 1 }, expect.any(String)],
    ] as const
  ).map(
    ([what, reason, expected]): Attack => ({
      threats: ["O1"],
      what: `has the application close with ${what}`,
      async run(target) {
        const peer = await target.open();
        peer.write(envelopeFrame("close", { code: 4000, reason }));
        expect(await peer.closed()).toEqual({ code: 4000, reason: expected });
        peer.write(closeFrame(4000));
        await peer.gone;
      },
    }),
  ),
];

const byPeer: readonly Attack[] = [
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999].map(
    (code): Attack => ({
      threats: ["E4"],
      what: `closes with ${code}, which is answered with the same`,
      async run(target) {
        const { peer, id } = await target.identified();
        peer.write(closeFrame(code, "bye"));
        const answer = differenceOf(target.subject.name, `closes with ${code}, which is answered with the same`)?.code;
        expect((await peer.closed()).code).toBe(answer ?? code);
        await peer.gone;
        if (answer !== undefined) return;
        expect(await target.endingOf(id)).toEqual({ code, reason: "bye" });
      },
    }),
  ),
  {
    threats: ["E4"],
    what: "closes without a code",
    async run(target) {
      const { peer, id } = await target.identified();
      peer.write(frame("", { opcode: CLOSE }));
      expect((await peer.closed()).code).toBe(1005);
      await peer.gone;
      expect(await target.endingOf(id)).toEqual({ code: 1005, reason: "" });
    },
  },
  {
    threats: ["E4"],
    what: "closes twice, with events and pings behind each Close, none of which is heard",
    async run(target) {
      const { peer, id } = await target.identified();
      const behind = [envelopeFrame("smuggled"), envelopeFrame("echo"), frame("", { opcode: PING })];
      peer.write(Buffer.concat([closeFrame(4001, "first"), ...behind, closeFrame(4002, "second"), ...behind]));
      expect(await peer.ending()).toMatchObject({ code: 4001, before: [] });
      expect(await peer.next()).toBeUndefined();
      expect(await target.endingOf(id)).toEqual({ code: 4001, reason: "first" });
    },
  },
  {
    threats: ["E4"],
    what: "closes in the middle of a fragmented frame",
    async run(target) {
      const { peer, id } = await target.identified();
      peer.write(Buffer.concat([frame("{", { fin: false }), closeFrame(4001)]));
      expect((await peer.closed()).code).toBe(4001);
      expect(await target.endingOf(id)).toMatchObject({ code: 4001 });
    },
  },
  {
    threats: ["E4", "F1"],
    what: "hangs up without a Close, in each way there is",
    async run(target) {
      for (const leave of ["reset", "end", "destroy"] as const) {
        const { peer, id } = await target.identified();
        peer.write(requestFrame("1", "slow", { index: 0, ms: 10 }));
        if (leave === "reset") peer.reset();
        else peer.socket[leave]();
        expect(await target.endingOf(id)).toMatchObject({ code: 1006 });
      }
    },
  },
];

/** All of them. */
export const ends: readonly Attack[] = [...byApplication, ...byPeer];
