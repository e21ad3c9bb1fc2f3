// What a server does about frames that are wrong, and about a handler that fails.
import { expect } from "vitest";
import type { World } from "../world.ts";
import type { Cases } from "./case.ts";

/** Other people's mistakes, and our own. */
export const mistakes = {
  binary: {
    rule: "closes for a binary frame with 1003, and hurts nobody else",
    run: (world) => closesFor(world, Buffer.from([1, 2]), 1003),
  },

  "no envelope": {
    rule: "closes for what is no envelope, has a reserved name, a key twice or is too deep, and hurts nobody else",
    async run(world) {
      await closesFor(world, "hello", 4400);
      await closesFor(world, "123", 4400);
      // Only who reads the text itself can tell.
      await closesFor(world, '{"eventName":"echo","payload":1,"payload":2}', 4400);
      await closesFor(world, '{"eventName":"connected","payload":null}', 4400);
      await closesFor(world, `{"eventName":"echo","payload":${"[".repeat(64)}${"]".repeat(64)}}`, 1009);
    },
  },

  oversize: {
    rule: "closes for an envelope that is too large with 1009, and hurts nobody else",
    run: (world) => closesFor(world, JSON.stringify({ eventName: "echo", payload: "x".repeat(65_536) }), 1009),
  },

  "handler that rejects": {
    rule: "lives on when a handler rejects, and reports it once",
    async run(world) {
      const peer = await world.open();
      peer.send("reject");
      peer.send("hello");
      await peer.event("hello");
      const { errors } = await world.report();
      expect(errors.filter((error) => error === "reject: on purpose")).toHaveLength(1);
      peer.close();
    },
  },
} satisfies Cases;

async function closesFor(world: World, frame: string | Buffer, code: number): Promise<void> {
  const innocent = await world.open();
  const peer = await world.open();
  peer.socket.send(frame);
  expect(await peer.closed).toMatchObject({ code });
  innocent.send("hello");
  await innocent.event("hello");
  innocent.close();
}
