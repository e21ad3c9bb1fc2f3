// Turns bytes and a close code into attacks. Knows no bytes.
import { expect } from "vitest";
import { closeFrame, envelopeFrame, frame, PING, PONG, type RawPeer } from "../../support/raw-peer.ts";
import type { Attack, Threat } from "../attack.ts";
import { differenceOf, endingOn, losesEarly, TAKEN } from "../differences.ts";
import { expectStaying } from "../staying.ts";
import type { Target } from "../target.ts";

/** Bytes that a peer is closed for. */
export interface BadBytes {
  readonly what: string;
  readonly bytes: Uint8Array;
  readonly code: number;
}

// What follows in the same packet must not be handled either.
const SMUGGLED = Buffer.concat([envelopeFrame("smuggled"), envelopeFrame("echo", "smuggled")]);

/** Attacks that end their sender with a code and nobody else: the bytes come after the upgrade, or together with it. */
export function refused(threats: readonly Threat[], bad: readonly BadBytes[]): readonly Attack[] {
  return bad.flatMap(({ what, bytes, code }): readonly Attack[] => [
    {
      threats,
      what: `sends ${what}`,
      async run(target) {
        const ending = endingOn(target.subject.name, what, code);
        const peer = await target.open();
        peer.write(ending === TAKEN ? bytes : Buffer.concat([bytes, SMUGGLED]));
        await expectEnding(peer, ending);
      },
    },
    {
      threats: [...threats, "E5"],
      what: `sends ${what} together with the upgrade`,
      async run(target) {
        if (losesEarly(target.subject.name)) return expectLost(target, Buffer.concat([bytes, SMUGGLED]));
        const ending = endingOn(target.subject.name, what, code);
        const peer = await target.open({ head: ending === TAKEN ? bytes : Buffer.concat([bytes, SMUGGLED]) });
        await expectEnding(peer, ending);
      },
    },
  ]);
}

// What is not closed by then is not closed for what it sent.
const TAKEN_MS = 500;

async function expectEnding(peer: RawPeer, code: number): Promise<void> {
  if (code === TAKEN) {
    await expectStaying(peer, TAKEN_MS);
    return peer.reset();
  }
  expect(await peer.ending()).toMatchObject({ code, before: [] });
  if (code === 1006) return;
  peer.write(closeFrame(code));
  await peer.gone;
}

// What is larger may come in two pieces, of which the second is no frame any more.
const ONE_PIECE = 16_384;

/** Where what comes together with the upgrade is lost: nothing of `head` is heard, and what comes after it is. */
export async function expectLost(target: Target, head: Uint8Array, headers: readonly string[] = []): Promise<void> {
  const peer = await target.open({ head, headers });
  if (head.length > ONE_PIECE) return peer.reset();
  await expectStaying(peer, TAKEN_MS);
  // Nothing came but this.
  peer.write(frame("still here", { opcode: PING }));
  expect(await peer.next()).toMatchObject({ opcode: PONG, payload: Buffer.from("still here") });
  peer.reset();
}

/** Bytes that are odd but allowed, and the echo they bring back; undefined for none. */
export interface OddBytes {
  readonly what: string;
  readonly bytes: Uint8Array;
  readonly echo?: unknown;
  /** Pongs that come before the echo. Of pings that came together only the newest has to be answered. */
  readonly pongs?: readonly string[];
}

/** What looks like an attack and is none: it is answered, in whatever pieces it comes. */
export function allowed(threats: readonly Threat[], odd: readonly OddBytes[]): readonly Attack[] {
  const pieces: readonly [string, (peer: RawPeer, bytes: Uint8Array) => Promise<void>][] = [
    ["", async (peer, bytes) => peer.write(bytes)],
    [", byte by byte", writeByteByByte],
  ];
  return odd.flatMap(({ what, bytes, echo, pongs = [] }) =>
    pieces
      .filter(([how]) => how === "" || bytes.length < 1_000)
      .map(
        ([how, write]): Attack => ({
          threats,
          what: `sends ${what}${how}, which is allowed`,
          async run(target) {
            const difference = differenceOf(target.subject.name, what);
            const peer = await target.open();
            await write(peer, bytes);
            if (difference?.code !== undefined) {
              expect(await peer.closed()).toMatchObject({ code: difference.code });
              return peer.reset();
            }
            await takePongs(peer, pongs);
            if (echo !== undefined) expect(await peer.envelope()).toMatchObject({ eventName: "echo", payload: echo });
            peer.write(frame("still here", { opcode: PING }));
            expect(await peer.next()).toMatchObject({ opcode: PONG, payload: Buffer.from("still here") });
            peer.reset();
          },
        }),
      ),
  );
}

/** Reads pongs up to the newest, in the order of their pings. */
async function takePongs(peer: RawPeer, pongs: readonly string[]): Promise<void> {
  let awaited = pongs;
  while (awaited.length > 0) {
    const answer = await peer.next();
    const payload = String(answer?.payload);
    expect(answer?.opcode).toBe(PONG);
    expect(awaited).toContain(payload);
    awaited = awaited.slice(awaited.indexOf(payload) + 1);
  }
}

async function writeByteByByte(peer: RawPeer, bytes: Uint8Array): Promise<void> {
  for (const byte of bytes) {
    peer.write(Buffer.from([byte]));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
