// Texts that are no envelope, or not one a client may send; and names that mean something to JavaScript but not to us.
import { expect } from "vitest";
import { frame } from "../../support/raw-peer.ts";
import type { Attack } from "../attack.ts";
import { type BadBytes, refused } from "./refused.ts";

const bad = (what: string, text: string, code = 4400): BadBytes => ({ what, bytes: frame(text), code });
const json = (what: string, envelope: unknown, code?: number) => bad(what, JSON.stringify(envelope), code);

function headers(count: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`h${index}`, index]));
}

function nested(levels: number): unknown {
  return JSON.parse(`${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`);
}

const reserved = refused(
  ["C1"],
  [
    json("connected", { eventName: "connected" }),
    json("disconnected, with a payload like ours", { eventName: "disconnected", payload: { code: 1000, reason: "" } }),
    json("error, with a payload like ours", { eventName: "error", payload: { eventName: "x", error: "y" } }),
    json("a request named connected", { eventName: "connected", headers: { zap: { id: "1" } } }),
    bad("connected, written with escapes", '{"eventName":"\\u0063onnected"}'),
    json("zap:welcome", { eventName: "zap:welcome", payload: { id: "x" } }),
    json("zap:draining", { eventName: "zap:draining", payload: { windowMs: 0 } }),
    json("zap:gap, which is for later", { eventName: "zap:gap" }),
    json("zap: alone", { eventName: "zap:" }),
  ],
);

const names = refused(
  ["C3"],
  [
    bad("no name", "{}"),
    json("a name that is an array", { eventName: ["echo"] }),
    json("a name that is an object with a toString", { eventName: { toString: "echo" } }),
    json("a name that is a number", { eventName: 7 }),
    json("a name that is true", { eventName: true }),
    json("a name that is null", { eventName: null }),
    json("an empty name", { eventName: "" }),
    json("a name of 129 characters", { eventName: "x".repeat(129) }),
    json("a name of 60,000 characters", { eventName: "x".repeat(60_000) }),
    json("a name with a line break", { eventName: "a\nb" }),
    json("a name with NUL", { eventName: "echo\0" }),
    json("a name with an escape code", { eventName: "\u001b[2Jecho" }),
    json("a name with a C1 control character", { eventName: "\u009b2J" }),
    bad("a name with a lone surrogate", '{"eventName":"\\ud800"}'),
    bad("a name twice", '{"eventName":"echo","eventName":"connected"}'),
    bad("a name twice, once with an escape", '{"eventName":"nobody","\\u0065ventName":"echo"}'),
    bad("a payload twice", '{"eventName":"echo","payload":1,"payload":2}'),
    bad("headers twice", '{"eventName":"echo","headers":{},"headers":{"zap":{"id":"1"}}}'),
  ],
);

const headerCases = refused(
  ["C4"],
  [
    json("headers that are an array", { eventName: "echo", headers: [] }),
    json("headers that are a text", { eventName: "echo", headers: "zap" }),
    json("headers that are a number", { eventName: "echo", headers: 1 }),
    json("33 headers", { eventName: "echo", headers: headers(33) }),
    json("headers of 4,097 bytes", { eventName: "echo", headers: { a: "x".repeat(4_097 - 8) } }),
    json("headers of nine levels", { eventName: "echo", headers: nested(9) }),
    json("headers of 60 levels", { eventName: "echo", headers: nested(60) }),
    json("a zap header that is a text", { eventName: "echo", headers: { zap: "id" } }),
    json("a zap header that is an array", { eventName: "echo", headers: { zap: [] } }),
    json("a zap header that is null", { eventName: "echo", headers: { zap: null } }),
    json("a request id that is a number", { eventName: "echo", headers: { zap: { id: 7 } } }),
    json("a request id that is an object", { eventName: "echo", headers: { zap: { id: { toString: "1" } } } }),
    json("an empty request id", { eventName: "echo", headers: { zap: { id: "" } } }),
    json("a request id of 65 characters", { eventName: "echo", headers: { zap: { id: "x".repeat(65) } } }),
    json("an answer to nothing that is a number", { eventName: "echo", headers: { zap: { re: 7 } } }),
  ],
);

const texts = refused(
  ["D1"],
  [
    bad("an empty text", ""),
    bad("white space", "   "),
    bad("no JSON", "{nope"),
    bad("JSON5", "{eventName:'echo'}"),
    bad("a number", "7"),
    bad("a text", '"echo"'),
    bad("null", "null"),
    bad("an array", '[{"eventName":"echo"}]'),
    bad("text after the object", '{"eventName":"echo"}}'),
    bad("two objects", '{"eventName":"echo"}{"eventName":"echo"}'),
    bad("a byte order mark", '\ufeff{"eventName":"echo"}'),
    bad("a NUL after the object", '{"eventName":"echo"}\0'),
    bad("a number beyond a double", '{"eventName":"echo","payload":1e400}'),
    bad("a number beyond a double, deep inside", '{"eventName":"echo","payload":[{"a":[-1e999]}]}'),
    bad("NaN", '{"eventName":"echo","payload":NaN}'),
    bad("a trailing comma", '{"eventName":"echo",}'),
    bad("an escape that is none", '{"eventName":"\\x65cho"}'),
    bad("a line break within a text", '{"eventName":"ec\nho"}'),
  ],
);

const sizes = refused(
  ["D2"],
  [
    bad("an envelope of 65 levels", `{"eventName":"echo","payload":${"[".repeat(64)}${"]".repeat(64)}}`, 1009),
    bad("30,000 levels", `{"eventName":"echo","payload":${"[".repeat(30_000)}${"]".repeat(30_000)}}`, 1009),
    bad("60,000 levels that never end", `{"eventName":"echo","payload":${"[".repeat(60_000)}`, 1009),
    bad("levels of objects", `{"eventName":"echo","payload":${'{"a":'.repeat(10_000)}`, 1009),
    bad("levels in front of the name", `{"payload":${"[".repeat(70)}${"]".repeat(70)},"eventName":"echo"}`, 1009),
  ],
);

const JAVASCRIPT: readonly string[] = ["__proto__", "constructor", "toString", "then", "toJSON", "hasOwnProperty"];

const meaningful: readonly Attack[] = [
  ...JAVASCRIPT.map(
    (name): Attack => ({
      threats: ["C2"],
      what: `uses ${name} as event, header, key, id and room`,
      async run(target) {
        const peer = await target.open();
        const text = `{"eventName":"${name}","payload":{"${name}":{"${name}":1}},"headers":{"${name}":"h","zap":{"id":"${name}","${name}":{}}}}`;
        peer.write(frame(text));
        const answer = String((await peer.next())?.payload);
        // As text: an object that was parsed would not tell __proto__ from its prototype.
        expect(answer).toContain(`"payload":{"${name}":{"${name}":1}}`);
        expect(answer).toContain(`"keys":["${name}"]`);
        expect(answer).toContain(`"zap":{"re":"${name}"}`);
        expect(await peer.ask("join", name)).toBe(1);
        expect(await peer.ask("say", { room: name, count: 1, size: 1 })).toBe(1);
        expect(await peer.ask("leave", name)).toBe(0);
        // The same as an answer to nothing, from a peer that was asked nothing.
        peer.write(frame(`{"eventName":"error","payload":{"${name}":1},"headers":{"zap":{"re":"${name}"}}}`));
        expect(await peer.ask("whoami")).toMatchObject({ ready: true });
        peer.reset();
      },
    }),
  ),
  {
    threats: ["C2"],
    what: "asks for events that only a prototype has",
    async run(target) {
      const peer = await target.open();
      for (const name of ["valueOf", "isPrototypeOf", "__defineGetter__", "__lookupSetter__", "prototype"]) {
        expect(await peer.ask(name)).toMatchObject({ code: "unknown_event" });
      }
      peer.reset();
    },
  },
  {
    threats: ["C1", "L1"],
    what: "hopes to read its own words in the Close or in the log",
    async run(target) {
      const { log } = target.attacked;
      const peer = await target.open();
      peer.write(frame('{"eventName":"connected","payload":"<script>","headers":{"x":"<script>"}}'));
      expect(await peer.closed()).toEqual({ code: 4400, reason: "reserved eventName" });
      peer.reset();
      expect(log.filter((line) => line.includes("script"))).toEqual([]);
    },
  },
  {
    threats: ["D1"],
    what: "leaves out what may be left out, and adds what nobody knows",
    async run(target) {
      const peer = await target.open();
      for (const text of [
        '{"eventName":"echo"}',
        '{"eventName":"echo","headers":null,"version":7,"type":[]}',
        ' {"headers":{"zap":{"later":true}} , "eventName" : "\\u0065cho" }\n',
      ]) {
        peer.write(frame(text));
        expect(await peer.envelope()).toEqual({ eventName: "echo", payload: null });
      }
      peer.reset();
    },
  },
  {
    threats: ["C4"],
    what: "hides fields of its own in headers.zap",
    async run(target) {
      const peer = await target.open();
      const zap = { stream: "s", seq: 1, prev: 0, epoch: "e", principal: "admin", __proto__: { id: "x" } };
      peer.write(frame(JSON.stringify({ eventName: "echo", payload: 1, headers: { trace: "t", zap } })));
      expect(await peer.envelope()).toEqual({ eventName: "echo", payload: 1, headers: { trace: "t" } });
      peer.reset();
    },
  },
  {
    threats: ["C3", "C4", "D2"],
    what: "goes to every limit, and not beyond",
    async run(target) {
      const peer = await target.open();
      expect(await peer.ask("x".repeat(128))).toMatchObject({ code: "unknown_event" });
      const most = [headers(31), { a: "x".repeat(4_096 - 8) }, nested(8)];
      for (const one of most) {
        peer.write(frame(JSON.stringify({ eventName: "echo", payload: null, headers: one })));
        expect(await peer.envelope()).toMatchObject({ headers: one });
      }
      peer.write(frame(`{"eventName":"echo","payload":${"[".repeat(63)}${"]".repeat(63)}}`));
      expect(await peer.envelope()).toMatchObject({ eventName: "echo" });
      peer.write(frame(JSON.stringify({ eventName: "whoami", headers: { zap: { id: "x".repeat(64) } } })));
      expect(await peer.envelope()).toMatchObject({ headers: { zap: { re: "x".repeat(64) } } });
      peer.reset();
    },
  },
];

/** All of them. */
export const envelopes: readonly Attack[] = [...reserved, ...names, ...headerCases, ...texts, ...sizes, ...meaningful];
