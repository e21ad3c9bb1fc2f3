// Room names as channel names: each its own, and none a pattern.
import fc from "fast-check";
import { expect, it } from "vitest";
import { Channels } from "./channels.ts";

const channels = new Channels("zap");

it("names simple rooms as they are, so that people can read them", () => {
  expect([channels.all, channels.node("n-1"), channels.room("lobby_2-b")]).toEqual([
    "zap.all",
    "zap.node.n-1",
    "zap.room.lobby_2-b",
  ]);
});

it("writes everything else as its code unit", () => {
  expect(channels.room("a.b *>=\0ü")).toBe("zap.room.a=002eb=0020=002a=003e=003d=0000=00fc");
  expect(channels.room("👋\ud800")).toBe("zap.room.=d83d=dc4b=d800");
});

it("uses no character that a broker takes for something else, whatever the room is called", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 512 }), (room) => {
      expect(channels.room(room)).toMatch(/^zap\.room\.[\w=-]+$/);
    }),
  );
});

it("gives distinct rooms distinct channels, lone surrogates too", () => {
  const name = fc.array(fc.constantFrom("a", "=", ".", "002e", "*", "\ud800", "\udc00", "\ufffd", "\0"), {
    minLength: 1,
  });
  fc.assert(
    fc.property(name, name, (one, other) => {
      const [a, b] = [one.join(""), other.join("")];
      expect(channels.room(a) === channels.room(b)).toBe(a === b);
    }),
    { numRuns: 2_000 },
  );
});
