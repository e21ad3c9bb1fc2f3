// The conformance vectors, held against the protocol's functions: what is taken, refused, written and cut.
import { describe, expect, test } from "vitest";
import { CloseCode, isSendableCloseCode, truncateReason } from "../../src/protocol/close-codes.ts";
import { decode, encode } from "../../src/protocol/codec.ts";
import { AUTH, HELLO, PING, PONG } from "../../src/protocol/control.ts";
import { type Envelope, parseEnvelope } from "../../src/protocol/envelope.ts";
import { ZapError } from "../../src/protocol/errors.ts";
import { DEFAULT_LIMITS } from "../../src/protocol/limits.ts";
import { isReservedName } from "../../src/protocol/names.ts";
import * as refusals from "../../src/protocol/refusal.ts";
import { headersOf, payloadOf, textOf, vectors } from "./vectors.ts";

const CLIENT_CONTROL: ReadonlySet<string> = new Set([HELLO, PING, PONG, AUTH]);

/** What a receiver makes of a frame's text. */
function receive(text: string, from: "client" | "server"): Envelope | refusals.Refusal {
  const value = decode(text, DEFAULT_LIMITS);
  const envelope = value instanceof refusals.Refusal ? value : parseEnvelope(value, DEFAULT_LIMITS);
  if (envelope instanceof refusals.Refusal || from === "server" || envelope.zap?.re !== undefined) return envelope;
  const { eventName } = envelope;
  return isReservedName(eventName) && !CLIENT_CONTROL.has(eventName) ? refusals.RESERVED_NAME : envelope;
}

const withoutPrototype = (headers: unknown): object => Object.assign(Object.create(null), own(headers));

/** The entries of an object, `__proto__` included, which an assignment would not copy. */
function own(value: unknown): object {
  const copy = Object.create(null);
  for (const [key, inner] of Object.entries(value ?? {})) copy[key] = inner;
  return copy;
}

test("the file explains itself, and no case of a section has the name of another", () => {
  const { about, version, ...sections } = vectors;
  expect(version).toBe(1);
  for (const [section, cases] of Object.entries(sections)) {
    expect(about.some((line) => line.startsWith(`${section}: `))).toBe(true);
    const names = cases.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(5);
    expect(new Set(names).size).toBe(names.length);
  }
});

describe("accepted", () => {
  const directions = ["client", "server"] as const;
  const cases = vectors.accepted.flatMap((one) =>
    directions.filter((from) => (one.from ?? from) === from).map((from) => [one.name, from, one] as const),
  );

  test.each(cases)("%s (from a %s)", (_name, from, { text, envelope }) => {
    const received = receive(textOf(text), from);
    expect(received).toEqual({
      eventName: envelope.eventName,
      payload: payloadOf(envelope),
      headers: withoutPrototype(headersOf(envelope)),
      zap: envelope.zap,
    });
    if (received instanceof refusals.Refusal) return;
    expect(Object.keys(received.headers)).toEqual(Object.keys(own(headersOf(envelope))));
  });
});

describe("refused", () => {
  test.each(vectors.refused.filter(({ text }) => text !== undefined))("$name: $code", ({
    text = "",
    from,
    code,
    reason,
  }) => {
    expect(receive(textOf(text), from ?? "client")).toEqual(expect.objectContaining({ closeCode: code, reason }));
    expect(isSendableCloseCode(code)).toBe(true);
  });

  test.each(vectors.refused.filter(({ bytes }) => bytes !== undefined))("$name: $code", ({
    bytes = "",
    frame,
    code,
  }) => {
    // A runtime refuses these before there is a text; what the case says of its bytes is true.
    const read = () => new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(bytes, "hex"));
    if (frame === "binary") expect([code, typeof read()]).toEqual([CloseCode.unsupportedData, "string"]);
    else {
      expect(code).toBe(CloseCode.invalidText);
      expect(read).toThrow();
    }
  });

  test("has a case for every refusal of a single frame", () => {
    const ofMany = [
      refusals.RATE_LIMITED,
      refusals.TOO_MANY_WAITING,
      refusals.TOO_MANY_PINGS,
      refusals.TOO_MANY_FRAGMENTS,
    ];
    // Those are for what came before, or for bytes below the text of a frame.
    const others = [...ofMany, refusals.NOT_AUTHENTICATED, refusals.ONE_TOKEN, refusals.BAD_FRAME];
    const reasons = Object.values(refusals)
      .filter((one) => one instanceof refusals.Refusal)
      .filter((one) => !others.includes(one))
      .map(({ reason }) => reason);
    expect(new Set(vectors.refused.map(({ reason }) => reason))).toEqual(new Set(reasons));
  });
});

describe("encoded", () => {
  test.each(vectors.encoded)("$name", ({ eventName, payload, headers, zap, text }) => {
    expect(Reflect.apply(encode, undefined, [eventName, payload, headers, zap, DEFAULT_LIMITS])).toBe(text);
    expect(receive(text, "server")).toEqual({
      eventName,
      payload: payload ?? null,
      headers: withoutPrototype(headers),
      zap,
    });
  });
});

describe("unsendable", () => {
  test.each(vectors.unsendable)("$name: $error", ({ eventName, error, ...content }) => {
    const send = () =>
      Reflect.apply(encode, undefined, [eventName, payloadOf(content), headersOf(content), undefined, DEFAULT_LIMITS]);
    expect(send).toThrow(ZapError);
    expect(send).toThrow(expect.objectContaining({ code: error }));
  });
});

test.each(vectors.reasons)("reasons: $name", ({ given, sent }) => {
  expect(truncateReason(textOf(given))).toBe(textOf(sent));
});
