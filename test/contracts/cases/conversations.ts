// What passes between a server and one peer, from the greeting to the end of their connection.
import { expect } from "vitest";
import { answerOf, rawUpgrade } from "../wire.ts";
import { bearer, idOf } from "../world.ts";
import type { Cases } from "./case.ts";

const ASKS_WHO = '{"eventName":"whoami","payload":null,"headers":{"zap":{"id":"1"}}}';

/** From the greeting to the end. */
export const conversations = {
  greeting: {
    rule: "greets",
    async run(world) {
      const peer = await world.open();
      peer.send("hello");
      expect(await peer.event("hello")).toEqual({ eventName: "hello", payload: "HELLO FROM SERVER !!!" });
      peer.close();
    },
  },

  "both directions": {
    rule: "carries any payload both ways, with headers",
    async run(world) {
      for (const payload of ["grüße 👋", null, false, 0, "", { deep: [1, { er: [] }] }]) {
        const peer = await world.open();
        peer.send("echo", payload, { trace: "t" });
        expect(await peer.event("echo")).toEqual({ eventName: "echo", payload, headers: { trace: "t" } });
        peer.close();
      }
    },
  },

  order: {
    rule: "keeps the order under asynchronous handlers",
    async run(world) {
      const peer = await world.open();
      const delays = [20, 0, 10, 1, 5];
      for (const delay of delays) peer.send("slow", delay);
      await peer.next(({ payload }) => payload === 5);
      expect(peer.got.map(({ payload }) => payload)).toEqual(delays);
      peer.close();
    },
  },

  "first frame": {
    rule: "finishes connected before any event, also one that came together with the upgrade",
    async run(world) {
      const { text } = await answerOf(rawUpgrade(`${world.url}/ws`, [], ASKS_WHO), "frame");
      expect(JSON.parse(text)).toMatchObject({ eventName: "whoami", payload: { ready: true } });
    },
  },

  "first frame, asynchronous authentication": {
    rule: "keeps an event that came together with the upgrade while authenticate takes its time",
    async run(world) {
      const offer = [`Sec-WebSocket-Protocol: zap.v1, ${bearer("good")}`];
      const { text } = await answerOf(rawUpgrade(`${world.url}/guarded`, offer, ASKS_WHO), "frame");
      expect(JSON.parse(text)).toMatchObject({ eventName: "whoami", payload: { id: "ada" } });
    },
  },

  "close by the client": {
    rule: "sees a close of the client with code and reason",
    async run(world) {
      const peer = await world.open();
      const id = await idOf(peer);
      peer.close(4001, "bye");
      expect(await peer.closed).toEqual({ code: 4001, reason: "bye" });
      expect(await world.endingOf(id)).toEqual({ code: 4001, reason: "bye" });
    },
  },

  "close by the server": {
    rule: "closes with code and reason, the reason cut at 123 bytes",
    async run(world) {
      const peer = await world.open();
      const id = await idOf(peer);
      peer.send("close", { code: 4002, reason: "ü".repeat(100) });
      expect(await peer.closed).toEqual({ code: 4002, reason: "ü".repeat(61) });
      expect(await world.endingOf(id)).toEqual({ code: 4002, reason: "ü".repeat(61) });
    },
  },

  "close without a code": {
    rule: "sees 1005 for a close without a code, and answers it",
    async run(world) {
      const peer = await world.open();
      const id = await idOf(peer);
      peer.close();
      expect((await peer.closed).code).toBe(1005);
      expect(await world.endingOf(id)).toEqual({ code: 1005, reason: "" });
    },
  },

  "abrupt loss": {
    rule: "sees 1006 for a link that was cut",
    async run(world) {
      const peer = await world.open();
      const id = await idOf(peer);
      peer.socket.terminate();
      expect(await world.endingOf(id)).toMatchObject({ code: 1006 });
    },
  },
} satisfies Cases;
