// Attacks that need time, for it is time that ends them. They run side by side.
import { once } from "node:events";
import { expect } from "vitest";
import { envelopeFrame, frame, PING, RawPeer, upgradeRequest } from "../../support/raw-peer.ts";
import type { Attack } from "../attack.ts";
import { differenceOf, TAKEN } from "../differences.ts";
import { expectStaying } from "../staying.ts";
import type { Target } from "../target.ts";

/** What a handshake may take before the server cuts it, with time for a busy machine. */
const LONGEST_HANDSHAKE_MS = 15_000;

// Nest makes its HTTP server itself, and how often that looks is for the one to say who makes it: every 30 seconds.
const LONGEST_ON_NEST_MS = 40_000;

// Who is not cut when the server has given it up is not cut for that.
const LONGER_MS = 500;

/**
 * Writes one byte of `text` every 100 ms; resolves when the server has had enough, or, where it never has, when it should
 * have had.
 */
async function trickle(target: Target, attack: string, text: string, first = ""): Promise<void> {
  const peer = new RawPeer(target.port);
  await once(peer.socket, "connect");
  peer.write(Buffer.from(first));
  const started = performance.now();
  let sent = 0;
  const dripping = setInterval(() => {
    if (!peer.socket.destroyed) peer.write(Buffer.from(text.charAt(sent++)));
  }, 100);
  if (differenceOf(target.subject.name, attack)?.code === TAKEN) {
    await expectStaying(peer, LONGEST_HANDSHAKE_MS);
    peer.reset();
  }
  await peer.gone;
  clearInterval(dripping);
  if (differenceOf(target.subject.name, attack) !== undefined) return;
  const longest = target.subject.name === "nest" ? LONGEST_ON_NEST_MS : LONGEST_HANDSHAKE_MS;
  expect(performance.now() - started).toBeLessThan(longest);
}

/** Asks for a Close by `how` and never answers it; resolves with how the server saw it end. */
async function neverAnswer(target: Target, attack: string, how: Uint8Array, meanwhile?: Uint8Array): Promise<unknown> {
  const { peer, id } = await target.identified();
  const started = performance.now();
  peer.write(how);
  await peer.closed();
  if (differenceOf(target.subject.name, attack)?.code === TAKEN) {
    // Given up by the server, which cannot do more about it.
    const ending = await target.endingOf(id);
    await expectStaying(peer, LONGER_MS);
    peer.reset();
    return ending;
  }
  const busy = setInterval(() => {
    if (meanwhile !== undefined && !peer.socket.destroyed && peer.socket.writableLength < 65_536) peer.write(meanwhile);
  }, 5);
  await peer.gone;
  clearInterval(busy);
  console.log(`${target.subject.name}: cut ${Math.round(performance.now() - started)} ms after its Close`);
  return target.endingOf(id);
}

const SILENT = "connects and says nothing";
const TRICKLING = "sends its upgrade a byte at a time";
const ENDLESS = "sends a request whose body never ends";
const UNANSWERED = "never answers the Close of the application";
const UNANSWERED_BAD = "never answers the Close for a bad frame";
const BUSY = "goes on with events and pings after it was closed";

/** All of them. */
export const slow: readonly Attack[] = [
  {
    threats: ["F1"],
    what: SILENT,
    run: (target) => trickle(target, SILENT, ""),
  },
  {
    threats: ["F1"],
    what: TRICKLING,
    run: (target) => trickle(target, TRICKLING, `${upgradeRequest().slice(0, -2)}X: ${"x".repeat(10_000)}`),
  },
  {
    threats: ["F1"],
    what: ENDLESS,
    run: (target) =>
      trickle(target, ENDLESS, "x".repeat(1_000), "POST /page HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"),
  },
  {
    threats: ["O2"],
    what: UNANSWERED,
    async run(target) {
      const ending = await neverAnswer(target, UNANSWERED, envelopeFrame("close", { code: 4000, reason: "go" }));
      expect(ending).toEqual({ code: 4000, reason: "go" });
    },
  },
  {
    threats: ["O2"],
    what: UNANSWERED_BAD,
    run: async (target) => expect(await neverAnswer(target, UNANSWERED_BAD, frame("{"))).toMatchObject({ code: 4400 }),
  },
  {
    threats: ["O2", "E2"],
    what: BUSY,
    async run(target) {
      const noise = Buffer.concat([envelopeFrame("smuggled"), frame("", { opcode: PING }), frame("{")]);
      expect(await neverAnswer(target, BUSY, envelopeFrame("connected"), noise)).toMatchObject({ code: 4400 });
    },
  },
];
