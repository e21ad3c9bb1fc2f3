// What is sent to several, and to readers that are slow.
import { expect } from "vitest";
import type { Peer } from "../peer.ts";
import { idOf } from "../world.ts";
import type { Cases } from "./case.ts";

/** To rooms and to slow readers. */
export const sending = {
  rooms: {
    rule: "sends to rooms: to members only, once, less those excluded, in order with what is sent directly",
    async run(world) {
      const [one, two, other] = await Promise.all([world.open(), world.open(), world.open()]);
      await Promise.all([one.ask("join", { room: "a" }), two.ask("join", { room: "a" })]);
      const excluded = await idOf(two);
      await one.ask("say", { room: "a" });
      await one.ask("say", { room: "a", exclude: excluded });
      one.send("sequence", { room: "a" });
      await one.event("three");
      await two.event("two");
      await two.ask("leave", { room: "a" });
      await one.ask("say", { room: "a" });
      await Promise.all([two.ask("whoami"), other.ask("whoami")]);
      const events = (peer: Peer) => peer.names().filter((event) => ["said", "one", "two", "three"].includes(event));
      expect(events(one)).toEqual(["said", "said", "one", "two", "three", "said"]);
      expect(events(two)).toEqual(["said", "two"]);
      expect(events(other)).toEqual([]);
      for (const peer of [one, two, other]) peer.close();
    },
  },

  "slow reader, patient sender": {
    rule: "loses no frame of a 24 MiB flood to a slow reader, when the handler waits for it",
    async run(world) {
      const peer = await world.open();
      peer.socket.pause();
      const frames = 400;
      peer.send("flood:patient", { frames, size: 60_000 });
      await new Promise((resolve) => setTimeout(resolve, 200));
      peer.socket.resume();
      await peer.event("flood:done");
      const indices = peer.got.filter(({ eventName }) => eventName === "flood").map(indexOf);
      expect(indices).toEqual(Array.from({ length: frames }, (_, index) => index));
      peer.close();
    },
  },

  "reader that does not read": {
    rule: "gives up a reader that does not read with 4413, with memory bounded and nothing more sent",
    async run(world) {
      const before = (await world.report()).rss;
      const peer = await world.open();
      const id = await idOf(peer);
      peer.socket.pause();
      peer.send("flood:reckless", { frames: 1_000, size: 60_000 });
      expect(await world.endingOf(id)).toEqual({ code: 4413, reason: "slow consumer" });
      expect((await world.report()).rss - before).toBeLessThan(48 * 1024 * 1024);
      peer.socket.terminate();
    },
  },
} satisfies Cases;

function indexOf({ payload }: { readonly payload: unknown }): unknown {
  return typeof payload === "object" && payload !== null && "index" in payload ? payload.index : undefined;
}
