// Rooms without end, rooms with odd names, and members that come and go while something is said.
import { expect } from "vitest";
import { type RawPeer, requestFrame, TEXT } from "../../support/raw-peer.ts";
import type { Attack } from "../attack.ts";

const WORDS = 300;
const STAYING = 10;
const RESTLESS = 12;

/** The indices of what is said to a peer, until it has heard the last. */
async function heard(peer: RawPeer): Promise<number[]> {
  const indices: number[] = [];
  while (indices.at(-1) !== WORDS - 1) {
    const next = await peer.next();
    if (next?.opcode !== TEXT) break;
    const { eventName, payload } = JSON.parse(String(next.payload));
    if (eventName === "said") indices.push(payload.index);
  }
  return indices;
}

/** Leaves, joins and dies as fast as it can, until it is told to stop. */
async function beRestless(peer: RawPeer, turn: number, stopped: () => boolean): Promise<void> {
  for (let round = 0; !stopped() && round < 400; round++) {
    await peer.ask(round % 2 === 0 ? "leave" : "join", "square");
    // One in three dies on the way.
    if (turn % 3 === 0 && round === 5 + turn) return peer.reset();
  }
}

/** All of them. */
export const rooms: readonly Attack[] = [
  {
    threats: ["I1"],
    what: "joins a hundred rooms, and no more",
    async run(target) {
      const peer = await target.open();
      for (let index = 1; index <= 100; index++) expect(await peer.ask("join", `room ${index}`)).toBe(index);
      expect(await peer.ask("join", "one more")).toMatchObject({ code: "too_many_rooms" });
      expect(await peer.ask("join", "room 7")).toBe(100);
      expect((await target.report()).rooms).toBe(100);
      peer.reset();
    },
  },
  {
    threats: ["I1"],
    what: "joins and leaves a thousand rooms, of which none is left",
    async run(target) {
      const peer = await target.open();
      for (let batch = 0; batch < 10; batch++) {
        const names = Array.from({ length: 100 }, (_, index) => `${batch}/${index}`);
        for (const name of names) peer.write(requestFrame(name, "join", name));
        for (const name of names) peer.write(requestFrame(`-${name}`, "leave", name));
        expect(await peer.ask("leave", "nothing")).toBe(0);
      }
      expect((await target.report()).rooms).toBe(0);
      peer.reset();
    },
  },
  {
    threats: ["I1"],
    what: "joins rooms with odd names, each of which is a room of its own",
    async run(target) {
      const peer = await target.open();
      const odd = ["*", ">", ".", " ", "a.b", "a.*", "\0", "\ud83d\ude00", "é", "e\u0301", "x".repeat(512)];
      for (const [index, name] of odd.entries()) expect(await peer.ask("join", name)).toBe(index + 1);
      for (const name of odd) expect(await peer.ask("say", { room: name, count: 1, size: 1 })).toBe(1);
      expect(await peer.ask("join", "")).toMatchObject({ code: "invalid_room_name" });
      expect(await peer.ask("join", "x".repeat(513))).toMatchObject({ code: "invalid_room_name" });
      peer.reset();
    },
  },
  {
    threats: ["I2"],
    what: "leaves, joins and dies while something is said, and nobody who stays misses a word or hears one twice",
    async run(target) {
      const staying = await Promise.all(Array.from({ length: STAYING }, () => target.open()));
      const restless = await Promise.all(Array.from({ length: RESTLESS }, () => target.open()));
      const speaker = await target.open();
      for (const peer of [...staying, ...restless]) await peer.ask("join", "square");
      let over = false;
      const moving = restless.map((peer, turn) => beRestless(peer, turn, () => over));
      const hearing = Promise.all(staying.map(heard));
      speaker.write(requestFrame("1", "say", { room: "square", count: WORDS, size: 10 }));
      const all = Array.from({ length: WORDS }, (_, index) => index);
      for (const indices of await hearing) expect(indices).toEqual(all);
      over = true;
      await Promise.all(moving);
      for (const peer of [...staying, ...restless, speaker]) peer.reset();
    },
  },
];
