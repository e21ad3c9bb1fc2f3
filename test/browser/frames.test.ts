// What the showcase's panel makes of a frame: it shows whatever a server or a page puts on the wire, so nothing may
// throw.
import { expect, it } from "vitest";
import { readFrame, unfold } from "../../examples/chat/page/frames.ts";

const read = (text: string) => readFrame({ way: "in", text, at: 0 });

it.each([
  ['{"eventName":"chat:typing","payload":{}}', { kind: "event", eventName: "chat:typing", payload: "{}" }],
  ['{"eventName":"error","payload":1}', { kind: "event", eventName: "error", payload: "1" }],
  ['{"eventName":"room:list","headers":{"zap":{"id":"7"}}}', { kind: "request", id: "7", payload: "null" }],
  ['{"eventName":"room:list","payload":[],"headers":{"zap":{"re":"7"}}}', { kind: "reply", id: "7", payload: "[]" }],
  ['{"eventName":"error","payload":{},"headers":{"zap":{"re":"7"}}}', { kind: "refusal", id: "7" }],
  ['{"eventName":"zap:ping","payload":null}', { kind: "control", eventName: "zap:ping" }],
  ["not JSON", { kind: "text", payload: "not JSON", eventName: "" }],
  ["[1]", { kind: "text", payload: "[1]" }],
  ["null", { kind: "text", payload: "null" }],
  ['{"eventName":7,"headers":{"zap":"7"}}', { kind: "event", eventName: "", id: undefined }],
  ['{"eventName":"a","headers":[{"zap":{"id":1}}]}', { kind: "event", id: undefined }],
])("reads %s", (text, facts) => {
  expect(read(text)).toMatchObject(facts);
});

it("counts bytes, not characters", () => {
  expect(read('"é"').bytes).toBe(4);
});

it("unfolds envelopes and leaves other texts alone", () => {
  expect(unfold('{"eventName":"a"}')).toBe('{\n  "eventName": "a"\n}');
  expect(unfold("not JSON")).toBe("not JSON");
});
