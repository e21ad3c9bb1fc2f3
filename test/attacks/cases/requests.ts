// Requests that go wrong at either end: unanswered, answered falsely, and what the failing ones give away.
import { expect } from "vitest";
import { closeFrame, envelopeFrame, frame, type RawPeer, requestFrame, TEXT } from "../../support/raw-peer.ts";

import type { Attack } from "../attack.ts";
import { SECRET } from "../doorkeeper.ts";

/** Reads the server's questions, and returns their ids. */
async function questions(peer: RawPeer, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const next = await peer.next();
    if (next?.opcode !== TEXT) throw new Error("The server asked no more.");
    ids.push(JSON.parse(String(next.payload)).headers.zap.id);
  }
  return ids;
}

const answer = (re: string, payload: unknown, eventName = "question") =>
  frame(JSON.stringify({ eventName, payload, headers: { zap: { re } } }));

const asked: readonly Attack[] = [
  {
    threats: ["G3"],
    what: "answers twice, under another name, another's question, and too late",
    async run(target) {
      const peer = await target.open();
      const other = await target.open();
      peer.write(requestFrame("mine", "ask", { count: 3, timeout: 1_500 }));
      const [first = "", second = "", third = ""] = await questions(peer, 3);
      for (const id of [first, second, third]) other.write(answer(id, "forged"));
      await other.ask("whoami");
      peer.write(Buffer.concat([answer(first, "a"), answer(first, "b"), answer(second, "x", "other")]));
      peer.write(Buffer.concat([answer("no such", 1), answer("__proto__", 1)]));
      expect(await peer.envelope()).toMatchObject({ payload: { a: 1, timeout: 2 } });
      peer.write(Buffer.concat([answer(third, "late"), envelopeFrame("echo", "alive")]));
      expect((await peer.envelope()).payload).toBe("alive");
      for (const one of [peer, other]) one.reset();
    },
  },
  {
    threats: ["G3"],
    what: "never answers 1,001 questions",
    async run(target) {
      const peer = await target.open();
      peer.write(requestFrame("mine", "ask", { count: 1_001, timeout: 300 }));
      await questions(peer, 1_000);
      expect(await peer.envelope()).toMatchObject({ payload: { timeout: 1_000, too_many_requests: 1 } });
      // They are freed: as many can be asked again.
      peer.write(requestFrame("mine", "ask", { count: 1_000, timeout: 300 }));
      await questions(peer, 1_000);
      peer.reset();
    },
  },
  {
    threats: ["G3"],
    what: "fails the server's question with an error that is none",
    async run(target) {
      const peer = await target.open();
      for (const payload of [null, 7, [], {}, { code: {} }, { code: "x".repeat(1_000), message: ["\n"], details: 1 }]) {
        peer.write(requestFrame("mine", "ask", { count: 1, timeout: 10_000 }));
        const [id = ""] = await questions(peer, 1);
        peer.write(answer(id, payload, "error"));
        const { payload: outcomes } = await peer.envelope();
        const [code = ""] = Object.keys(outcomes as object);
        expect(code).toMatch(/^(internal|x{64})$/);
      }
      peer.reset();
    },
  },
];

// How a handler goes wrong, and what its requester is told.
const FAILURES: readonly (readonly [string, string])[] = [
  ["throws", "internal"],
  ["throws null", "internal"],
  ["throws undefined", "internal"],
  ["throws a symbol", "internal"],
  ["throws what cannot be read", "internal"],
  ["rejects", "internal"],
  ["rejects with null", "internal"],
  ["rejects later", "internal"],
  ["never ends", "handler_timeout"],
  ["ends late", "handler_timeout"],
  ["throws as it is awaited", "internal"],
  ["returns what cannot be sent", "internal"],
  ["returns a function", "internal"],
];

const failing: readonly Attack[] = [
  ...FAILURES.map(
    ([how, code]): Attack => ({
      threats: ["M1", "L2"],
      what: `asks a handler that ${how}, and learns no more than that it failed`,
      async run(target) {
        await target.report();
        const peer = await target.open();
        peer.write(Buffer.concat([envelopeFrame("misbehave", how), requestFrame("1", "misbehave", how)]));
        const text = String((await peer.next())?.payload);
        expect(JSON.parse(text)).toMatchObject({
          eventName: "error",
          payload: { code },
          headers: { zap: { re: "1" } },
        });
        expect(text).not.toMatch(new RegExp(`${SECRET}|node:|\\.ts|\\.mjs| at `));
        expect(await peer.ask("whoami")).toMatchObject({ ready: true });
        // Once for the event and once for the request; what an event's handler returns is nobody's.
        const { errors } = await target.report();
        expect(errors).toHaveLength(how.startsWith("returns") ? 1 : 2);
        peer.reset();
      },
    }),
  ),
  ...["calls back twice", "fails after it succeeded"].map(
    (how): Attack => ({
      threats: ["M1"],
      what: `asks a handler whose thenable ${how}, and is answered once`,
      async run(target) {
        const peer = await target.open();
        peer.write(requestFrame("1", "misbehave", how));
        expect((await peer.envelope()).payload).toBe("first");
        await new Promise((resolve) => setTimeout(resolve, 20));
        peer.write(envelopeFrame("echo", "next"));
        expect((await peer.envelope()).payload).toBe("next");
        peer.reset();
      },
    }),
  ),
  {
    threats: ["M1"],
    what: "leaves in a way that makes the disconnected handler throw",
    async run(target) {
      const { peer, id } = await target.identified();
      peer.write(closeFrame(1000, "throw at the end"));
      await peer.gone;
      expect(await target.endingOf(id)).toMatchObject({ code: 1000 });
    },
  },
  {
    threats: ["M1"],
    what: "leaves while its handler runs, which then fails",
    async run(target) {
      for (const how of ["rejects later", "ends late", "never ends"]) {
        const { peer, id } = await target.identified();
        peer.write(requestFrame("1", "misbehave", how));
        peer.reset();
        expect(await target.endingOf(id)).toMatchObject({ code: 1006 });
      }
    },
  },
  {
    threats: ["M2"],
    what: "asks for events whose middleware calls next() twice, or never, or refuses",
    async run(target) {
      const peer = await target.open();
      expect(await peer.ask("next:twice")).toMatchObject({ code: "internal" });
      expect(await peer.ask("next:never")).toMatchObject({ code: "not_handled" });
      expect(await peer.ask("refused")).toMatchObject({ code: "not_today", message: "Come back tomorrow." });
      expect(await peer.ask("whoami")).toMatchObject({ ready: true });
      expect((await target.report()).errors).toContain("next:twice: next_called_twice");
      peer.reset();
    },
  },
  {
    threats: ["M2"],
    what: "asks behind a handler that does not end, and is answered when its time is over",
    async run(target) {
      const peer = await target.open();
      peer.write(Buffer.concat([envelopeFrame("misbehave", "never ends"), envelopeFrame("echo", "next")]));
      expect((await peer.envelope()).payload).toBe("next");
      peer.reset();
    },
  },
  ...[
    "a cycle",
    "a BigInt",
    "far too deep",
    "too deep for the limit",
    "too large",
    "a toJSON that throws",
    "a getter that throws",
    "a function",
  ].map(
    (how): Attack => ({
      threats: ["D4"],
      what: `has the application send ${how}: it fails with a code, for one as for all`,
      async run(target) {
        const peer = await target.open();
        const coded = /^(unencodable_payload|envelope_too_large|envelope_too_deep)$/;
        const outcomes = await peer.ask("unencodable", how);
        expect(outcomes).toEqual([expect.stringMatching(coded), expect.stringMatching(coded)]);
        // Nothing of it has left: the next frame is the answer to the next request.
        expect(await peer.ask("whoami")).toMatchObject({ ready: true });
        peer.reset();
      },
    }),
  ),
  {
    threats: ["L1"],
    what: "has its own words logged: line breaks, escape codes, forged lines, a novel",
    async run(target) {
      const { log } = target.attacked;
      const before = log.length;
      const peer = await target.open();
      const forged = "\nzaptools: closed a connection {}\r\u001b[2J\u009b1m\u2028\u2029\u202e\u0000\ufeff";
      for (const words of [forged, "x".repeat(60_000)]) peer.write(envelopeFrame("logged", words));
      await peer.ask("whoami");
      await expect.poll(() => log.length).toBe(before + 2);
      for (const line of log.slice(before)) {
        expect(line).toMatch(/^zaptools: error /);
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
        expect(line.length).toBeLessThan(8_200);
      }
      peer.reset();
    },
  },
];

/** All of them. */
export const requests: readonly Attack[] = [...asked, ...failing];
