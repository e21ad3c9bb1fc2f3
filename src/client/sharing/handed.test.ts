// Leftovers: what did not leave by one connection goes first by the next, if it may go at all.
import { expect, it } from "vitest";
import { PING_TEXT } from "../../protocol/control.ts";
import { type Handed, Leftovers } from "./handed.ts";

function frame(text: string, volatile = false): Handed & { readonly outcomes: string[] } {
  const outcomes: string[] = [];
  return { text, volatile, outcomes, settle: (outcome) => outcomes.push(outcome) };
}

const event = (payload: string) => JSON.stringify({ eventName: "say", payload });

it("keeps events in order, and gives them out once", () => {
  const leftovers = new Leftovers();
  leftovers.keep([frame(event("a")), frame(event("b"))]);
  leftovers.keep([frame(event("c"))]);
  expect(leftovers.take().map(({ text }) => JSON.parse(text).payload)).toEqual(["a", "b", "c"]);
  expect(leftovers.take()).toEqual([]);
});

it("keeps nothing volatile, no request and nothing of the toolkit's own", () => {
  const leftovers = new Leftovers();
  const request = JSON.stringify({ eventName: "ask", payload: 1, headers: { zap: { id: "1" } } });
  const frames = [frame(event("a"), true), frame(request), frame(PING_TEXT)];
  leftovers.keep(frames);
  expect(leftovers.take()).toEqual([]);
  expect(frames.map(({ outcomes }) => outcomes)).toEqual([["dropped"], ["dropped"], ["dropped"]]);
});

it("tells what it kept when it is given up", () => {
  const leftovers = new Leftovers();
  const kept = frame(event("a"));
  leftovers.keep([kept]);
  leftovers.drop();
  expect(kept.outcomes).toEqual(["dropped"]);
  expect(leftovers.take()).toEqual([]);
});
