// Holds PROTOCOL.md against the code: its frames are sent through the codec, its tables are compared.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type AfterClose, afterClose, CloseCode, REASON_BYTES } from "../../src/protocol/close-codes.ts";
import { decode, encode } from "../../src/protocol/codec.ts";
import * as control from "../../src/protocol/control.ts";
import { parseEnvelope } from "../../src/protocol/envelope.ts";
import * as catalogue from "../../src/protocol/errors.ts";
import { HEADER_DEPTH, parseZapHeader, REQUEST_ID_LENGTH } from "../../src/protocol/headers.ts";
import { DEFAULT_LIMITS } from "../../src/protocol/limits.ts";
import { isReservedName, SUBPROTOCOL } from "../../src/protocol/names.ts";
import { REQUEST_TIMEOUT_MS } from "../../src/protocol/pending-requests.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { vectors } from "./vectors.ts";

const text = readFileSync(new URL("../../PROTOCOL.md", import.meta.url), "utf8");
/** The text in one line: where lines break is no matter of the protocol. */
const flowing = text.replace(/\s+/g, " ");

/** The rows of the tables in a section, by cells, without their heads: a row of dashes follows a head. */
function rowsOf(heading: string): readonly (readonly string[])[] {
  const [, after = ""] = text.split(new RegExp(`^#+ ${heading}$`, "m"));
  const [section = ""] = after.split(/^#+ /m);
  const lines = section.split("\n");
  return lines
    .filter((line, index) => line.startsWith("| ") && !lines[index + 1]?.startsWith("|--"))
    .map((line) => line.split("|").slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

const codesIn = (cell = ""): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
const numberIn = (cell = ""): number => (cell === "none" ? Number.POSITIVE_INFINITY : Number(cell.replaceAll(",", "")));

describe("frames", () => {
  const blocks = [...text.matchAll(/<!-- frames: ([^>]*) -->\n```json\n([\s\S]*?)```/g)];
  const frames = blocks.flatMap(([, who = "", body = ""]) =>
    body
      .trim()
      .split("\n")
      .map((frame) => ({ who, frame })),
  );

  test("are marked with who sends them, all of them", () => {
    expect(blocks).toHaveLength([...text.matchAll(/^```json$/gm)].length);
    expect(frames.length).toBeGreaterThan(20);
    for (const { who } of frames)
      expect(["client", "server", "as others write them", "client, as others write them"]).toContain(who);
  });

  test.each(frames)("of $who can be taken, and are as the encoder writes them: $frame", ({ who, frame }) => {
    const envelope = parseEnvelope(decode(frame, DEFAULT_LIMITS), DEFAULT_LIMITS);
    if (envelope instanceof Refusal) throw new Error(envelope.reason);
    const { eventName, payload, headers, zap } = envelope;
    if (!who.includes("others")) expect(encode(eventName, payload, headers, zap, DEFAULT_LIMITS)).toBe(frame);
    const isAllowed = zap?.re !== undefined || !isReservedName(eventName) || sendersOf(eventName).has(who);
    expect([frame, isAllowed]).toEqual([frame, true]);
  });

  test("of requests come with their answers", () => {
    const zaps = frames.map(({ who, frame }) => ({ who, ...Object(parseZapHeader(JSON.parse(frame).headers)) }));
    for (const { who, re } of zaps.filter((zap) => zap.re !== undefined && zap.re !== "3")) {
      expect(zaps.some((zap) => zap.id === re && !zap.who.includes(who))).toBe(true);
    }
  });

  test("of control events are those of the code", () => {
    const all = frames.map(({ frame }) => frame);
    for (const constant of [control.HELLO_TEXT, control.PING_TEXT, control.PONG_TEXT]) expect(all).toContain(constant);
    const payloadOf = (name: string, index = 0): unknown =>
      all.map((frame) => JSON.parse(frame)).filter((frame) => frame.eventName === name)[index]?.payload;
    expect(all).toContain(control.encodeWelcome(control.parseWelcome(payloadOf(control.WELCOME))));
    expect(all).toContain(control.encodeDraining(control.parseDraining(payloadOf(control.DRAINING))));
    expect(all).toContain(control.encodeAuth(control.parseAuth(payloadOf(control.AUTH, 1)) ?? ""));
  });
});

/** Who may send a control event, according to the table. */
function sendersOf(eventName: string): ReadonlySet<string> {
  const rows = rowsOf("Control events").filter(([name]) => codesIn(name).includes(eventName));
  return new Set(rows.flatMap(([, from = ""]) => (from === "either" ? ["client", "server"] : [from])));
}

describe("control events", () => {
  const { HELLO, WELCOME, PING, PONG, AUTH, DRAINING } = control;

  test("are listed, with who sends them", () => {
    const listed = rowsOf("Control events")
      .flatMap(([name]) => codesIn(name))
      .filter((name) => name.startsWith("zap:"));
    expect(new Set(listed)).toEqual(new Set([HELLO, WELCOME, PING, PONG, AUTH, DRAINING]));
    expect(listed.filter((name) => sendersOf(name).has("client"))).toEqual([HELLO, PING, PONG, AUTH, AUTH]);
  });

  test("are read as the table of their fields says", () => {
    const row = new Map(rowsOf("Control events").map(([name, value = ""]) => [codesIn(name)[0], value]));
    const { length } = control.parseWelcome({ id: "x".repeat(1_000) }).id;
    expect(row.get("id")).toContain(`the first ${length} UTF-16 code units`);
    expect(row.get("features")).toContain(
      `only the first ${control.parseHello({ features: Array(99).fill("f") }).features.length} are read`,
    );
    const bounds = [-1, 1e300].map((heartbeatMs) =>
      control.parseWelcome({ heartbeatMs }).heartbeatMs?.toLocaleString("en"),
    );
    expect(row.get("heartbeatMs")).toContain(`at least ${bounds[0]} and at most ${bounds[1]}`);
    const windows = [-1, 1e300].map((windowMs) => control.parseDraining({ windowMs }).windowMs.toLocaleString("en"));
    expect(row.get("windowMs")).toContain(`at least ${windows[0]} and at most ${windows[1]}`);
    expect(row.get("token")).toContain(`1 to ${control.TOKEN_LENGTH.toLocaleString("en")} UTF-16`);
    expect(flowing).toContain(`\`zap:welcome\` has come within ${control.WELCOME_TIMEOUT_MS / 1_000} seconds`);
  });
});

describe("names", () => {
  test("that are reserved to servers are in the table", () => {
    const rows = rowsOf("Reserved names");
    const [lifecycle = [], known = [], others = []] = rows.map(([names]) => codesIn(names));
    expect(lifecycle).toEqual(["connected", "disconnected", "error"]);
    expect(known.filter((name) => !sendersOf(name).has("client"))).toEqual([]);
    expect(others).toEqual(["zap:"]);
    for (const name of [...lifecycle, ...known, ...others]) expect(isReservedName(name)).toBe(true);
  });
});

describe("closing", () => {
  const MEANS: Readonly<Record<string, AfterClose>> = {
    "stays closed": "stay",
    "backs off": "back-off",
    "comes back soon": "return",
    "fetches a new token once, then stays closed": "authenticate",
    "comes back at a random moment in the announced window; backs off when none was announced": "spread",
  };
  const rows = rowsOf("Closing");

  test("has every code of the table, and no other, in order", () => {
    const codes = rows.map(([code]) => Number(code));
    expect(codes).toEqual(Object.values(CloseCode).toSorted((a, b) => a - b));
  });

  test.each(rows)("of %s (%s): the client %s", (code, _situation, action = "") => {
    expect(afterClose(Number(code))).toBe(MEANS[action]);
  });

  test("says how long a reason may be", () => {
    expect(flowing).toContain(`A reason is at most ${REASON_BYTES} bytes of UTF-8`);
  });

  test("is what the frames that must be refused are closed with", () => {
    const codes = rowsOf("Envelope")
      .map(([, code]) => Number(code))
      .filter((code) => !Number.isNaN(code));
    expect(new Set(codes)).toEqual(new Set(vectors.refused.map(({ code }) => code)));
  });
});

describe("limits", () => {
  const rows = rowsOf("Limits");

  test("are all there, with their defaults", () => {
    const listed = new Map(rows.map(([name, value]) => [codesIn(name)[0], numberIn(value)]));
    expect(listed).toEqual(new Map(Object.entries(DEFAULT_LIMITS)));
  });

  test("are followed by codes of the table", () => {
    const codes = rows.map(([, , , code]) => code).filter((code) => code !== undefined && code !== "");
    expect(codes.length).toBeGreaterThan(8);
    for (const code of codes) expect(Object.values(CloseCode).map(String)).toContain(code);
  });

  test("that are named elsewhere have the same numbers there", () => {
    const shown = (value: number): string => value.toLocaleString("en");
    const { nameLength, headerKeys, headerBytes } = DEFAULT_LIMITS;
    expect(flowing).toContain(`A name is a string of 1 to ${nameLength} UTF-16 code units`);
    expect(flowing).toContain(
      `at most ${headerKeys} keys (\`headerKeys\`), ${shown(headerBytes)} bytes (\`headerBytes\`) and ${HEADER_DEPTH} levels of nesting`,
    );
    expect(flowing).toContain(
      `${HEADER_DEPTH} levels of nesting in \`headers\`, ${REQUEST_ID_LENGTH} UTF-16 code units of an \`id\`, ${REASON_BYTES} bytes of a close reason`,
    );
    for (const field of ["id", "re"]) {
      const row = rowsOf("Headers").find(([name]) => name === `\`${field}\``);
      expect(row?.[1]).toBe(`string of 1 to ${REQUEST_ID_LENGTH} UTF-16 code units`);
    }
    expect(flowing).toContain(`a time of its own choice (${REQUEST_TIMEOUT_MS / 1_000} seconds`);
  });
});

test("error replies list every code that the toolkit tells a peer", () => {
  const made = Object.values(catalogue).flatMap((factory) => {
    if (typeof factory !== "function" || "prototype" in factory) return [];
    const error: unknown = Reflect.apply(factory, undefined, ["name", "other", "another"]);
    return error instanceof catalogue.ZapError && !(error instanceof catalogue.UnmeantError) ? [error.code] : [];
  });
  const listed = rowsOf("Error replies").flatMap(([name]) => codesIn(name));
  expect(listed).toEqual(["code", "message", "details", "internal", ...listed.slice(4)]);
  expect(new Set(listed.slice(4))).toEqual(new Set(made));
});

test("tokens are offered beside the subprotocol of the code, as base64url", () => {
  const token = Buffer.from("secret").toString("base64url");
  expect(flowing).toContain(
    `For the token \`secret\`: \`Sec-WebSocket-Protocol: ${SUBPROTOCOL}, ${control.BEARER_PREFIX}${token}\``,
  );
});

test("the sections of the vectors are those of the file", () => {
  const { about: _about, version: _version, ...sections } = vectors;
  expect(rowsOf("Conformance vectors").flatMap(([name]) => codesIn(name))).toEqual(Object.keys(sections));
});
