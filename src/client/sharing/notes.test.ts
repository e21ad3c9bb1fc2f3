// Notes: what is heard on the channel is a note to the last field, or it is nothing.
import fc from "fast-check";
import { expect, it } from "vitest";
import { LAST_TERM, type Note, parseNote } from "./notes.ts";

const notes: readonly Note[] = [
  { kind: "lead", from: "a", term: 1, open: true },
  { kind: "joined", from: "a", to: "b", session: 1, welcome: "" },
  { kind: "frame", from: "a", to: "", text: "{}" },
  { kind: "taken", from: "a", to: "b", session: 1, taken: 0 },
  { kind: "end", from: "a", to: "b", session: 1, taken: 0, code: 1006, reason: "" },
  { kind: "ask", from: "a" },
  { kind: "wake", from: "a" },
  { kind: "join", from: "a", session: 1 },
  { kind: "hand", from: "a", session: 1, number: 1, at: 0.5, text: "{}" },
  { kind: "leave", from: "a", session: 1 },
];

it.each(notes)("takes $kind", (note) => {
  expect(parseNote(note)).toEqual(note);
});

it.each(
  notes.flatMap((note) => Object.keys(note).map((field) => [note.kind, field, note] as const)),
)("passes over %s when %s is missing or wrong", (_kind, field, note) => {
  const { [field as "kind"]: _, ...missing } = note;
  expect(parseNote(missing)).toBeUndefined();
  for (const wrong of [null, -1, 1.5, Number.NaN, {}, [], "x".repeat(33)]) {
    const isText =
      field === "text" || field === "reason" || field === "welcome" || (note.kind === "frame" && field === "to");
    const isInstant = field === "at" && Number.isFinite(wrong);
    if ((isText && typeof wrong === "string") || isInstant) continue;
    expect(parseNote({ ...note, [field]: wrong }), String(wrong)).toBeUndefined();
  }
});

it("passes over a term after which there could be no other", () => {
  expect(parseNote({ kind: "lead", from: "a", term: LAST_TERM + 1, open: true })).toBeUndefined();
});

it("passes over whatever else is heard", () => {
  const isNothing = fc.property(fc.anything(), (heard) => parseNote(heard) === undefined);
  fc.assert(isNothing);
});
