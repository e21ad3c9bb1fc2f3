// Control events: their texts are constant and their payloads are read without trust.
import { expect, test } from "vitest";
import {
  encodeAuth,
  encodeDraining,
  encodeWelcome,
  HELLO_TEXT,
  PING_TEXT,
  PONG_TEXT,
  parseAuth,
  parseDraining,
  parseHello,
  parseWelcome,
  TOKEN_LENGTH,
} from "./control.ts";

const payloadOf = (text: string): unknown => JSON.parse(text).payload;

test("pings and pongs are byte-constant", () => {
  expect(PING_TEXT).toBe('{"eventName":"zap:ping","payload":null}');
  expect(PONG_TEXT).toBe('{"eventName":"zap:pong","payload":null}');
});

test("the hello says the version of the protocol", () => {
  expect(JSON.parse(HELLO_TEXT)).toEqual({ eventName: "zap:hello", payload: { version: 1 } });
  expect(parseHello(payloadOf(HELLO_TEXT))).toEqual({ version: 1, features: [] });
});

test("a welcome is read as it was written", () => {
  const welcome = { id: "zpt-1", heartbeatMs: 25_000, envelopeBytes: 65_536, features: ["requests"] };
  expect(parseWelcome(payloadOf(encodeWelcome(welcome)))).toEqual(welcome);
});

test("limits that do not exist are not announced", () => {
  const text = encodeWelcome({ id: "a", heartbeatMs: Infinity, envelopeBytes: Infinity, features: [] });
  expect(payloadOf(text)).toEqual({ id: "a", limits: {}, features: [] });
});

test("a window and a token are read as they were written", () => {
  expect(parseDraining(payloadOf(encodeDraining({ windowMs: 4_000 })))).toEqual({ windowMs: 4_000 });
  expect(parseAuth(payloadOf(encodeAuth("t")))).toBe("t");
});

test.each([null, undefined, 1, "text", [], [[]], true])("a payload of %j stands for the defaults", (payload) => {
  expect(parseHello(payload)).toEqual({ version: 1, features: [] });
  expect(parseWelcome(payload)).toEqual({ id: "", heartbeatMs: undefined, envelopeBytes: undefined, features: [] });
  expect(parseDraining(payload)).toEqual({ windowMs: 0 });
  expect(parseAuth(payload)).toBeUndefined();
});

test("numbers from the other end are brought within bounds", () => {
  expect(parseWelcome({ heartbeatMs: -5, limits: { envelopeBytes: -1 } })).toMatchObject({
    heartbeatMs: 100,
    envelopeBytes: 1,
  });
  expect(parseWelcome({ heartbeatMs: 1e300 })).toMatchObject({ heartbeatMs: 600_000 });
  expect(parseDraining({ windowMs: 1e300 })).toEqual({ windowMs: 600_000 });
  expect(parseDraining({ windowMs: -1 })).toEqual({ windowMs: 0 });
});

test("texts from the other end are cut, and what is no text is passed over", () => {
  const welcome = parseWelcome({ id: "x".repeat(1_000), features: [1, "a", {}, ...Array(100).fill("b")] });
  expect(welcome.id).toHaveLength(128);
  expect(welcome.features).toHaveLength(32);
  expect(welcome.features[0]).toBe("a");
});

test("a token that is empty or too long is none", () => {
  expect(parseAuth({ token: "" })).toBeUndefined();
  expect(parseAuth({ token: "x".repeat(TOKEN_LENGTH + 1) })).toBeUndefined();
});
