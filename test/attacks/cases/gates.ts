// Ways through the gate of a server that takes a token as the first event, without having one.
import { expect } from "vitest";
import {
  BINARY,
  envelopeFrame,
  frame,
  HELLO_FRAME,
  PING,
  PONG,
  RawPeer,
  requestFrame,
} from "../../support/raw-peer.ts";
import type { Attack } from "../attack.ts";
import { differenceOf, losesEarly } from "../differences.ts";
import { TOKEN_MARK } from "../doorkeeper.ts";
import { bearer, type Target } from "../target.ts";

const auth = (token: string) => envelopeFrame("zap:auth", { token: `${token}${TOKEN_MARK}` });

/** Opens without a token, and waits for the end; nothing may come before it but what `allowed` names. */
async function expectShut(target: Target, bytes: Uint8Array, code: number, allowed: readonly string[] = []) {
  const { connected } = (await target.report()).lifecycle;
  const expectEnding = async (peer: RawPeer, expected: number, before: readonly string[]) => {
    const ending = await peer.ending();
    expect(ending.code).toBe(expected);
    expect(ending.before.map(({ payload }) => JSON.parse(String(payload)).eventName)).toEqual(before);
    peer.reset();
  };
  const afterwards = async () => {
    const peer = await target.open();
    peer.write(bytes);
    await expectEnding(peer, code, allowed);
  };
  const together = async () => {
    const peer = await target.open({ head: bytes });
    // Who has said nothing yet that was heard has waited for too long in the end.
    if (losesEarly(target.subject.name)) await expectEnding(peer, 4408, []);
    else await expectEnding(peer, code, allowed);
  };
  const tries = [afterwards(), together()];
  await Promise.all(tries);
  expect((await target.report()).lifecycle.connected).toBe(connected);
}

const shut: readonly (readonly [string, Uint8Array, number, (readonly string[])?])[] = [
  ["sends an event instead", envelopeFrame("echo"), 4401],
  ["asks instead", requestFrame("1", "whoami"), 4401],
  ["sends an event nobody handles instead", envelopeFrame("nobody"), 4401],
  ["says hello, then sends an event", Buffer.concat([HELLO_FRAME, envelopeFrame("echo")]), 4401, ["zap:welcome"]],
  ["sends an event in front of its token", Buffer.concat([envelopeFrame("smuggled"), auth("is:ann")]), 4401],
  ["raises connected instead", envelopeFrame("connected"), 4400],
  ["sends binary instead", frame("{}", { opcode: BINARY }), 1003],
  ["sends no JSON instead", frame("{"), 4400],
  ["sends a token nobody knows", auth("who"), 4401],
  ["sends a token that is none", envelopeFrame("zap:auth", { token: 7 }), 4401],
  ["sends no token", envelopeFrame("zap:auth"), 4401],
  ["sends a right token while another is looked at", Buffer.concat([auth("hangs"), auth("is:ann")]), 4429],
  ["makes authenticate throw", auth("throws"), 4401],
  ["makes authenticate hang", auth("hangs"), 4408],
  ["says nothing", new Uint8Array(), 4408],
  ["says hello and nothing else", HELLO_FRAME, 4408, ["zap:welcome"]],
  ["sends pongs nobody asked for", frame("", { opcode: PONG }), 4408],
];

const LOOKED_AT = "sends events behind a token that is looked at slowly: they wait, and are handled in order";
const REFUSED = "sends events behind a token that is refused slowly: none is handled";

/** All of them. */
export const gates: readonly Attack[] = [
  ...shut.map(([instead, bytes, code, allowed]): Attack => {
    const what = `${instead}, and has nothing handled`;
    return {
      threats: ["B3"],
      what,
      run: (target) => expectShut(target, bytes, differenceOf(target.subject.name, what)?.code ?? code, allowed),
    };
  }),
  {
    threats: ["B3"],
    what: LOOKED_AT,
    async run(target) {
      const events = Array.from({ length: 50 }, (_, index) => envelopeFrame("echo", index));
      const peer = await target.open({ head: Buffer.concat([auth("waits:50"), ...events]) });
      const difference = differenceOf(target.subject.name, LOOKED_AT);
      if (difference !== undefined) {
        expect(await peer.ending()).toMatchObject({ code: difference.code, before: [] });
        return peer.reset();
      }
      for (let index = 0; index < 50; index++) expect((await peer.envelope()).payload).toBe(index);
      expect(await peer.ask("whoami")).toMatchObject({ principal: "late", ready: true });
      peer.reset();
    },
  },
  {
    threats: ["B3"],
    what: REFUSED,
    async run(target) {
      const peer = await target.open({ head: Buffer.concat([auth("throws"), envelopeFrame("smuggled")]) });
      const code = differenceOf(target.subject.name, REFUSED)?.code ?? 4401;
      expect(await peer.ending()).toMatchObject({ code, before: [] });
      peer.reset();
    },
  },
  {
    threats: ["B3"],
    what: "brings a wrong token with the upgrade: it gets no second try",
    async run(target) {
      const peer = new RawPeer(target.port);
      const { status } = await peer.upgrade({ headers: bearer("who") });
      if (target.subject.admission === "ours") expect(status).toBe(401);
      else expect((await peer.closed()).code).toBe(4401);
      peer.reset();
    },
  },
  {
    threats: ["B3", "B2"],
    what: "leaves at every stage of it",
    async run(target) {
      for (const bytes of [new Uint8Array(), HELLO_FRAME, auth("waits:20"), auth("hangs"), auth("is:ann")]) {
        for (const leave of ["reset", "end", "destroy"] as const) {
          const peer = await target.open();
          peer.write(bytes);
          // A ping that is answered: what came before it has been read.
          peer.write(frame("", { opcode: PING }));
          await peer.next();
          if (leave === "reset") peer.reset();
          else peer.socket[leave]();
        }
      }
    },
  },
];
