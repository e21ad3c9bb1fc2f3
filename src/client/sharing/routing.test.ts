// Routing: whatever tab asks, the answer finds it, and the server never learns that there are several.
import { expect, it } from "vitest";
import { AUTH_TEXT, encodeDraining, encodeWelcome, HELLO_TEXT, PING_TEXT, PONG_TEXT } from "../../protocol/control.ts";
import { SHARED_LIMITS } from "../../protocol/shared-limits.ts";
import { inward, isEventText, outward } from "./routing.ts";

const limits = SHARED_LIMITS;
const envelope = (eventName: string, zap?: object, payload: unknown = null) =>
  JSON.stringify({ eventName, payload, headers: { own: "header", ...(zap === undefined ? {} : { zap }) } });

it("marks a request with its tab, and gives the tab the answer as if it had asked by itself", () => {
  const { to, text } = outward(envelope("ask", { id: "7" }, [1]), "tab1", limits);
  expect(to).toBe("server");
  expect(JSON.parse(text)).toEqual({
    eventName: "ask",
    payload: [1],
    headers: { own: "header", zap: { id: "tab1.7" } },
  });
  const answer = inward(envelope("ask", { re: "tab1.7" }, 2), limits);
  expect(answer).toMatchObject({ audience: "tab", tab: "tab1" });
  expect(JSON.parse(answer.text)).toEqual({
    eventName: "ask",
    payload: 2,
    headers: { own: "header", zap: { re: "7" } },
  });
});

it("leaves the ids of requests as they are, whatever they hold", () => {
  const { text } = outward(envelope("ask", { id: "a.b" }), "tab1", limits);
  const { id } = JSON.parse(text).headers.zap;
  const answer = inward(envelope("error", { re: id }), limits);
  expect(answer.tab).toBe("tab1");
  expect(JSON.parse(answer.text).headers.zap.re).toBe("a.b");
});

it("sends events as they are, to the letter", () => {
  const text = '{ "eventName": "say", "payload": "\\u00e9" }';
  expect(outward(text, "tab1", limits)).toEqual({ to: "server", text });
  expect(inward(text, limits)).toMatchObject({ audience: "all", text });
});

it.each([
  ["envelopeBytes", "envelope_too_large", { id: "7" }, 0],
  ["headerBytes", "invalid_headers", { id: "7" }, 0],
])("answers a request itself that its mark takes over limits.%s", (limit, code, zap) => {
  const text = envelope("ask", zap);
  const headers = JSON.stringify(JSON.parse(text).headers);
  const exact = { ...limits, [limit]: limit === "headerBytes" ? headers.length : text.length };
  const refused = outward(text, "tab1", exact);
  expect(refused.to).toBe("sender");
  expect(JSON.parse(refused.text)).toMatchObject({
    eventName: "error",
    payload: { code },
    headers: { zap: { re: "7" } },
  });
});

it.each([
  HELLO_TEXT,
  PONG_TEXT,
  envelope("zap:welcome"),
  envelope("connected"),
  envelope("error"),
  "{",
  "7",
  "",
])("does not send for another tab: %s", (text) => {
  expect(() => outward(text, "tab1", limits)).toThrow();
});

it.each([
  PING_TEXT,
  JSON.stringify({ eventName: "zap:auth", payload: { token: "t" } }),
])("sends for any tab: %s", (text) => {
  expect(outward(text, "tab1", limits)).toEqual({ to: "server", text });
});

it.each([
  ["all", encodeWelcome({ id: "zpt-1", heartbeatMs: 1_000, envelopeBytes: undefined, features: [] })],
  ["all", encodeDraining({ windowMs: 1_000 })],
  ["all", envelope("news")],
  ["all", envelope("error")],
  // One answer to a request of the server is enough.
  ["leader", envelope("ask", { id: "1" })],
  ["leader", AUTH_TEXT],
  ["leader", PING_TEXT],
  ["leader", PONG_TEXT],
  ["leader", envelope("zap:unheard-of")],
  ["leader", "no frame"],
  ["leader", "null"],
  ["leader", undefined],
  ["leader", JSON.stringify({ eventName: "news", payload: "x".repeat(limits.envelopeBytes) })],
])("brings to %s: %s", (audience, data) => {
  expect(inward(data, limits).audience).toBe(audience);
});

it("tells the events of the application from all else", () => {
  expect(isEventText(envelope("say"))).toBe(true);
  expect(isEventText('{"eventName":"say","payload":null}')).toBe(true);
  expect(isEventText(envelope("say", { id: "1" }))).toBe(false);
  expect(isEventText(PING_TEXT)).toBe(false);
});
