// Who is there: nodes come, say goodbye, or are silent for too long.
import { beforeEach, expect, it } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { BEAT_MS, DEAD_AFTER_MS, Roll } from "./roll.ts";

let clock: ManualClock;
let said: string[];
let changes: string[];
let roll: Roll;

beforeEach(() => {
  [clock, said, changes] = [new ManualClock(), [], []];
  roll = new Roll({
    clock,
    say: (state, to) => said.push(to === undefined ? state : `${state} to ${to}`),
    changed: ({ node, change }) => changes.push(`${node} ${change}`),
  });
});

it("introduces the node when there is a connection, and gives a sign of life every 3 seconds", () => {
  clock.advance(10_000);
  expect(said).toEqual([]);
  roll.up();
  clock.advance(3 * BEAT_MS);
  expect(said).toEqual(["new", "here", "here", "here"]);
});

it("answers one that has just come, and nobody else", () => {
  roll.heard("a", "new");
  roll.heard("b", "here");
  expect(said).toEqual(["here to a"]);
  expect(changes).toEqual(["a joined", "b joined"]);
});

it("tells of each change once", () => {
  for (const state of ["new", "here", "here", "bye", "bye"] as const) roll.heard("a", state);
  expect(changes).toEqual(["a joined", "a left"]);
  expect(roll.nodes()).toEqual([]);
});

it("takes a node for dead after 9 seconds of silence, and for a new one when it is heard again", () => {
  roll.up();
  roll.heard("a", "here");
  roll.heard("b", "here");
  clock.advance(DEAD_AFTER_MS - 1_000);
  roll.heard("b", "here");
  clock.advance(1_000);
  expect(changes).toEqual(["a joined", "b joined", "a died"]);
  roll.heard("a", "here");
  expect(changes.at(-1)).toBe("a joined");
});

it("takes anything that a node publishes for a sign of life, and nobody for a node who has not said so", () => {
  roll.up();
  roll.heard("a", "here");
  for (let second = 0; second < 30; second++) {
    roll.alive("a");
    roll.alive("an emitter");
    clock.advance(1_000);
  }
  expect(changes).toEqual(["a joined"]);
});

it("takes nobody for dead while there is no connection, and gives everyone full time when it is back", () => {
  roll.up();
  roll.heard("a", "here");
  roll.down();
  clock.advance(60_000);
  roll.up();
  clock.advance(DEAD_AFTER_MS - 1_000);
  expect(changes).toEqual(["a joined"]);
  clock.advance(1_000);
  expect(changes).toEqual(["a joined", "a died"]);
});

it("takes nobody for dead when the process itself stood still", () => {
  roll.up();
  roll.heard("a", "here");
  clock.leap(60_000);
  expect(changes).toEqual(["a joined"]);
});

it("knows at once when a carrier knows", () => {
  roll.heard("a", "here");
  roll.gone("a");
  roll.gone("stranger");
  expect(changes).toEqual(["a joined", "a died"]);
});

it("leaves no timer behind", () => {
  roll.up();
  roll.stop();
  expect(clock.timers).toBe(0);
});
