// Too much of something, in or out: pings, events, bytes, requests, and what is sent to those who do not read.
import { expect } from "vitest";
import {
  CLOSE,
  closeFrame,
  envelopeFrame,
  type Frame,
  frame,
  PING,
  PONG,
  type RawPeer,
  requestFrame,
} from "../../support/raw-peer.ts";
import type { Attack } from "../attack.ts";
import { differenceOf, endingOn, TAKEN } from "../differences.ts";
import { expectStaying } from "../staying.ts";
import type { Target } from "../target.ts";

const MIB = 1024 * 1024;

// Where nobody is cut for it, it has gone on for long enough then.
const POURED_MS = 2_000;

/** Writes the same bytes until the peer is gone, whether it was cut or has a Close; or, where `ending` says so, for a while. */
async function pour(peer: RawPeer, bytes: Uint8Array, ending: number | undefined): Promise<void> {
  const pouring = setInterval(() => {
    if (!peer.socket.destroyed && peer.socket.writableLength < MIB) peer.write(bytes);
  }, 0);
  if (ending === TAKEN) {
    await expectStaying(peer, POURED_MS);
    peer.reset();
  }
  await peer.gone;
  clearInterval(pouring);
}

/** Fails when memory grows over `limit` bytes while `attack` goes on. */
async function withinMemory(target: Target, limit: number, attack: () => Promise<void>): Promise<void> {
  const { rss: before } = await target.report();
  let most = before;
  let over = false;
  const watching = (async () => {
    while (!over) {
      most = Math.max(most, (await target.report()).rss);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  await attack().finally(() => {
    over = true;
  });
  await watching;
  expect(most - before).toBeLessThan(limit);
}

const PINGS_UNREAD = "floods pings and does not read the pongs";
const PINGS_READ = "sends more pings than it may, and reads the pongs";
const EVENTS = "sends more events than its rate allows";
const BYTES = "sends more bytes than its rate allows";
const UNPAUSED = "sends 60 MB to a handler that does not get on, and is not read meanwhile";

/** Sends what is beyond a rate, and is closed for it, whether it is told or not. */
async function exceedRate(target: Target, attack: string, bytes: Uint8Array): Promise<void> {
  const { peer, id } = await target.identified();
  peer.write(bytes);
  const code = endingOn(target.subject.name, attack, 4429);
  expect((await peer.closed()).code).toBe(code);
  if (code === 4429) peer.write(closeFrame(4429));
  await peer.gone;
  expect(await target.endingOf(id)).toEqual({ code: 4429, reason: "rate limit" });
}

const repeated = (count: number, bytes: Uint8Array) => Buffer.concat(Array.from({ length: count }, () => bytes));

const incoming: readonly Attack[] = [
  {
    threats: ["E2"],
    what: PINGS_UNREAD,
    run: (target) =>
      withinMemory(target, 64 * MIB, async () => {
        const { peer, id } = await target.identified();
        peer.socket.pause();
        const ending = differenceOf(target.subject.name, PINGS_UNREAD)?.code;
        await pour(peer, repeated(1_000, frame("x".repeat(125), { opcode: PING })), ending);
        // Cut by the runtime for the pongs that wait, or closed by us for their number: whichever comes first.
        expect(await target.endingOf(id)).toMatchObject({ code: expect.toBeOneOf([1006, 1008]) });
      }),
  },
  {
    threats: ["E2"],
    what: PINGS_READ,
    async run(target) {
      const peer = await target.open();
      const some = repeated(49, frame("x", { opcode: PING }));
      let next: Frame | undefined;
      // Not too many at once, which a runtime may cut by itself.
      for (let round = 0; next?.opcode !== CLOSE && round < 100; round++) {
        const last = `the last of ${round}`;
        peer.write(Buffer.concat([some, frame(last, { opcode: PING })]));
        // Of several that came together it need not answer all.
        do next = await peer.next();
        while (next?.opcode === PONG && String(next.payload) !== last);
      }
      if (differenceOf(target.subject.name, PINGS_READ)?.code === TAKEN) {
        expect(next?.opcode).toBe(PONG);
        return peer.reset();
      }
      expect([next?.payload.readUInt16BE(), String(next?.payload.subarray(2))]).toEqual([1008, "too many pings"]);
      peer.write(closeFrame(1008));
      await peer.gone;
    },
  },
  {
    threats: ["H1"],
    what: EVENTS,
    run: (target) => exceedRate(target, EVENTS, repeated(2_500, envelopeFrame("nobody"))),
  },
  {
    threats: ["H1"],
    what: BYTES,
    run: (target) =>
      withinMemory(target, 64 * MIB, () =>
        exceedRate(target, BYTES, repeated(1_000, envelopeFrame("nobody", "x".repeat(60_000)))),
      ),
  },
  {
    threats: ["H1"],
    what: "floods requests and does not read the answers",
    run: (target) =>
      withinMemory(target, 64 * MIB, async () => {
        const peer = await target.open();
        peer.socket.pause();
        await target.refused(4429, () => peer.write(repeated(3_000, requestFrame("1", "nobody", "x".repeat(100)))));
        peer.reset();
      }),
  },
  {
    threats: ["G2"],
    what: "sends 600 events at once to a slow handler, and has all of them handled in order",
    async run(target) {
      const peer = await target.open();
      peer.write(Buffer.concat(Array.from({ length: 600 }, (_, index) => envelopeFrame("slow", { index, ms: 0 }))));
      for (let index = 0; index < 600; index++) expect((await peer.envelope()).payload).toBe(index);
      peer.reset();
    },
  },
  {
    threats: ["G2"],
    what: UNPAUSED,
    run: (target) =>
      withinMemory(target, 64 * MIB, async () => {
        const slow = envelopeFrame("slow", { index: 1, ms: 50, text: "x".repeat(60_000) });
        const code = differenceOf(target.subject.name, UNPAUSED)?.code;
        if (code !== undefined) {
          const { peer, id } = await target.identified();
          for (let index = 0; index < 1_000; index++) peer.write(slow);
          expect(await target.endingOf(id)).toMatchObject({ code });
          return peer.reset();
        }
        const peer = await target.open();
        for (let index = 0; index < 1_000; index++) peer.write(slow);
        for (let index = 0; index < 10; index++) {
          expect((await peer.envelope()).payload).toBe(1);
          expect((await target.report()).pending).toBeLessThanOrEqual(64);
        }
        // Most of it is still here: the server has stopped reading.
        expect(peer.socket.writableLength).toBeGreaterThan(30_000_000);
        peer.reset();
        await peer.gone;
      }),
  },
];

interface Said {
  readonly index: number;
}

/** Reads `count` events of a room, and fails unless they are 0, 1, 2 and so on. */
async function expectAllSaid(peer: RawPeer, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const { eventName, payload } = await peer.envelope();
    expect([eventName, (payload as Said).index]).toEqual(["said", index]);
  }
}

const outgoing: readonly Attack[] = [
  {
    threats: ["G1"],
    what: "joins a room and does not read, while others in it do",
    run: (target) =>
      withinMemory(target, 64 * MIB, async () => {
        const slow = await target.open();
        const readers = await Promise.all([target.open(), target.open()]);
        for (const peer of [slow, ...readers]) await peer.ask("join", "hall");
        slow.socket.pause();
        const speaker = await target.open();
        await target.refused(4413, async () => {
          // Only as fast as those who do read can.
          for (let batch = 0; batch < 40; batch++) {
            await speaker.ask("say", { room: "hall", count: 20, size: 30_000 });
            await Promise.all(readers.map((reader) => expectAllSaid(reader, 20)));
          }
        });
        for (const peer of [slow, speaker, ...readers]) peer.reset();
      }),
  },
  {
    threats: ["G1"],
    what: "reads again after it was given up, and finds the Close after what it missed, and nothing behind it",
    async run(target) {
      const { peer, id } = await target.identified();
      await peer.ask("join", "corner");
      peer.socket.pause();
      const speaker = await target.open();
      await target.refused(4413, () => speaker.ask("say", { room: "corner", count: 800, size: 30_000 }));
      peer.socket.resume();
      const { code, before } = await peer.ending();
      expect(code).toBe(4413);
      const indices = before.map(({ payload }) => JSON.parse(String(payload)).payload.index);
      expect(indices).toEqual(indices.map((_, index) => index));
      expect(indices.length).toBeLessThan(800);
      peer.write(closeFrame(4413));
      expect(await peer.next()).toBeUndefined();
      expect(await target.endingOf(id)).toEqual({ code: 4413, reason: "slow consumer" });
      speaker.reset();
    },
  },
];

/** All of them. */
export const floods: readonly Attack[] = [...incoming, ...outgoing];
