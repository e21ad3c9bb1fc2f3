// Frames against RFC 6455, sections 5 and 7, and odd ones within it: bytes, and the code or the echo they bring.
import {
  BINARY,
  CLOSE,
  CONTINUATION,
  closeFrame,
  envelopeFrame,
  fragments,
  frame,
  PING,
  PONG,
} from "../../support/raw-peer.ts";
import type { Attack } from "../attack.ts";
import { allowed, refused } from "./refused.ts";

const ECHO = '{"eventName":"echo","payload":"in parts"}';
const EMPTY = new Uint8Array();
const bytes = (...values: number[]) => Buffer.from(values);
const join = (...frames: Uint8Array[]) => Buffer.concat(frames);
const parts = (count: number, part: string | Uint8Array = EMPTY) => Array.from({ length: count }, () => part);

/** `text` cut into `count` parts, the last of which takes the rest. */
function cut(text: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => text.slice(index, index === count - 1 ? undefined : index + 1));
}

// What stands around the payload of an echo.
const before = Buffer.from('{"eventName":"echo","payload":"');
const after = Buffer.from('"}');
const inEcho = (...values: number[]) => join(before, bytes(...values), after);

const controlFrames = refused(
  ["E4"],
  [
    { what: "a ping in fragments", bytes: frame("x", { fin: false, opcode: PING }), code: 1002 },
    { what: "a pong in fragments", bytes: frame("x", { fin: false, opcode: PONG }), code: 1002 },
    { what: "a Close in fragments", bytes: frame(bytes(3, 232), { fin: false, opcode: CLOSE }), code: 1002 },
    { what: "a ping of 126 bytes", bytes: frame("x".repeat(126), { opcode: PING }), code: 1002 },
    { what: "a ping of 64 KiB", bytes: frame("x".repeat(65_536), { opcode: PING }), code: 1002 },
    { what: "a pong of 126 bytes", bytes: frame("x".repeat(126), { opcode: PONG }), code: 1002 },
    { what: "a Close of 126 bytes", bytes: closeFrame(1000, "x".repeat(124)), code: 1002 },
    { what: "a ping that claims 2^40 bytes", bytes: frame("", { opcode: PING, claimedLength: 2n ** 40n }), code: 1002 },
    { what: "an unmasked ping", bytes: frame("x", { opcode: PING, masked: false }), code: 1002 },
    { what: "a ping with a reserved bit", bytes: frame("x", { opcode: PING, rsv: 4 }), code: 1002 },
  ],
);

const headersOfFrames = refused(
  ["E4"],
  [
    { what: "the first reserved bit", bytes: frame(ECHO, { rsv: 4 }), code: 1002 },
    { what: "the second reserved bit", bytes: frame(ECHO, { rsv: 2 }), code: 1002 },
    { what: "the third reserved bit", bytes: frame(ECHO, { rsv: 1 }), code: 1002 },
    { what: "all reserved bits", bytes: frame(ECHO, { rsv: 7 }), code: 1002 },
    {
      what: "a reserved bit in a later fragment",
      bytes: join(frame(ECHO, { fin: false }), frame("", { opcode: CONTINUATION, rsv: 4 })),
      code: 1002,
    },
    ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) => ({
      what: `opcode ${opcode}`,
      bytes: frame("", { opcode }),
      code: 1002,
    })),
    { what: "an unmasked frame", bytes: frame(ECHO, { masked: false }), code: 1002 },
    {
      what: "an unmasked fragment after a masked one",
      bytes: join(
        frame(ECHO.slice(0, 9), { fin: false }),
        frame(ECHO.slice(9), { opcode: CONTINUATION, masked: false }),
      ),
      code: 1002,
    },
    { what: "a binary frame", bytes: frame(ECHO, { opcode: BINARY }), code: 1003 },
    { what: "an empty binary frame", bytes: frame("", { opcode: BINARY }), code: 1003 },
  ],
);

const fragmentation = refused(
  ["E1", "E4"],
  [
    { what: "a continuation of nothing", bytes: frame("x", { opcode: CONTINUATION }), code: 1002 },
    { what: "an empty continuation of nothing", bytes: frame("", { opcode: CONTINUATION, fin: false }), code: 1002 },
    {
      what: "a continuation of what has ended",
      bytes: join(fragments(["{", '"eventName":"nobody"}']), frame("x", { opcode: CONTINUATION })),
      code: 1002,
    },
    { what: "text inside of text", bytes: join(frame("{", { fin: false }), frame(ECHO)), code: 1002 },
    {
      what: "binary inside of text",
      bytes: join(frame("{", { fin: false }), frame("", { opcode: BINARY })),
      code: 1002,
    },
    // No envelope: where fragments are not counted, it is refused for what they come to.
    { what: "65 fragments", bytes: fragments(parts(65, "[")), code: 1008 },
    { what: "65 empty fragments", bytes: fragments(parts(65)), code: 1008 },
    { what: "10,000 empty fragments", bytes: fragments(parts(10_000)), code: 1008 },
    { what: "10,000 fragments of one byte", bytes: fragments(parts(10_000, "[")), code: 1008 },
    {
      what: "fragments without end, with pongs between them",
      bytes: join(
        frame("", { fin: false }),
        ...parts(200).flatMap(() => [frame("", { fin: false, opcode: CONTINUATION }), frame("", { opcode: PONG })]),
      ),
      code: 1008,
    },
    { what: "two fragments that are too large together", bytes: fragments(parts(2, "x".repeat(40_000))), code: 1009 },
    {
      what: "a fragment that is too much after a small one",
      bytes: join(frame("{", { fin: false }), frame("x".repeat(65_536), { opcode: CONTINUATION })),
      code: 1009,
    },
  ],
);

const lengths = refused(
  ["D2", "E4"],
  [
    { what: "a frame one byte beyond the limit", bytes: frame("x".repeat(65_537)), code: 1009 },
    { what: "a length of 65,537 without the bytes", bytes: frame("", { claimedLength: 65_537n }), code: 1009 },
    { what: "a length of 2^32", bytes: frame("", { claimedLength: 2n ** 32n }), code: 1009 },
    { what: "a length of 2^40", bytes: frame("", { claimedLength: 2n ** 40n }), code: 1009 },
    { what: "a length of 2^53", bytes: frame("", { claimedLength: 2n ** 53n }), code: 1009 },
    { what: "a length of 2^63", bytes: frame("", { claimedLength: 2n ** 63n }), code: 1009 },
    { what: "a length of 2^64 less 1", bytes: frame("", { claimedLength: 2n ** 64n - 1n }), code: 1009 },
  ],
);

const utf8 = refused(
  ["D3", "E4"],
  [
    { what: "a byte that UTF-8 does not have", bytes: frame(inEcho(0xff)), code: 1007 },
    { what: "an overlong slash", bytes: frame(inEcho(0xc0, 0xaf)), code: 1007 },
    { what: "an overlong NUL of three bytes", bytes: frame(inEcho(0xe0, 0x80, 0x80)), code: 1007 },
    { what: "a surrogate as UTF-8", bytes: frame(inEcho(0xed, 0xa0, 0x80)), code: 1007 },
    { what: "a pair of surrogates as UTF-8", bytes: frame(inEcho(0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80)), code: 1007 },
    { what: "a code point beyond U+10FFFF", bytes: frame(inEcho(0xf4, 0x90, 0x80, 0x80)), code: 1007 },
    { what: "a continuation byte alone", bytes: frame(inEcho(0x80)), code: 1007 },
    { what: "a character cut off by the quote", bytes: frame(inEcho(0xf0, 0x9f, 0x98)), code: 1007 },
    { what: "text that ends within a character", bytes: frame(join(Buffer.from("{"), bytes(0xc3))), code: 1007 },
    {
      what: "invalid UTF-8 over two fragments",
      bytes: fragments([join(before, bytes(0xc3)), join(bytes(0x28), after)]),
      code: 1007,
    },
    {
      what: "fragments that end within a character",
      bytes: fragments([join(before, bytes(0xf0, 0x9f)), bytes(0x98)]),
      code: 1007,
    },
    { what: "a close reason that is not UTF-8", bytes: closeFrame(1000, bytes(0xff)), code: 1007 },
    { what: "a close reason that ends within a character", bytes: closeFrame(1000, bytes(0xe2, 0x82)), code: 1007 },
  ],
);

const closes = refused(
  ["E4"],
  [
    { what: "a Close of one byte", bytes: frame("x", { opcode: CLOSE }), code: 1002 },
    ...[0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map((code) => ({
      what: `a Close with the code ${code}`,
      bytes: closeFrame(code),
      code: 1002,
    })),
  ],
);

const odd = allowed(
  ["E4"],
  [
    { what: "the most fragments there may be", bytes: fragments(cut(ECHO.padEnd(70), 64)), echo: "in parts" },
    { what: "fragments of which some are empty", bytes: fragments(["", ECHO, "", ""]), echo: "in parts" },
    {
      what: "pings between the fragments",
      bytes: join(
        frame(ECHO.slice(0, 5), { fin: false }),
        frame("one", { opcode: PING }),
        frame(ECHO.slice(5, 20), { fin: false, opcode: CONTINUATION }),
        frame("two", { opcode: PING }),
        frame(ECHO.slice(20), { opcode: CONTINUATION }),
      ),
      pongs: ["one", "two"],
      echo: "in parts",
    },
    { what: "pongs nobody asked for", bytes: join(frame("", { opcode: PONG }), frame(ECHO)), echo: "in parts" },
    { what: "an empty ping", bytes: join(frame("", { opcode: PING }), frame(ECHO)), pongs: [""], echo: "in parts" },
    {
      what: "a ping of 125 bytes",
      bytes: join(frame("x".repeat(125), { opcode: PING }), frame(ECHO)),
      pongs: ["x".repeat(125)],
      echo: "in parts",
    },
    {
      what: "characters split across fragments",
      bytes: fragments([join(before, bytes(0xc3)), bytes(0xbc, 0xf0), bytes(0x9f, 0x98), join(bytes(0x80), after)]),
      echo: "ü😀",
    },
    { what: "characters that are none, correctly", bytes: frame(inEcho(0xef, 0xbf, 0xbe)), echo: "\ufffe" },
    { what: "a short frame with a length of 16 bits", bytes: frame(ECHO, { lengthBits: 16 }), echo: "in parts" },
    { what: "a short frame with a length of 64 bits", bytes: frame(ECHO, { lengthBits: 64 }), echo: "in parts" },
    {
      what: "an envelope of exactly 65,536 bytes",
      bytes: join(frame(`{"eventName":"nobody","payload":"${"x".repeat(65_536 - 35)}"}`), frame(ECHO)),
      echo: "in parts",
    },
    { what: "several frames in one packet", bytes: join(envelopeFrame("nobody"), frame(ECHO)), echo: "in parts" },
  ],
);

/** All of them. */
export const frames: readonly Attack[] = [
  ...controlFrames,
  ...headersOfFrames,
  ...fragmentation,
  ...lengths,
  ...utf8,
  ...closes,
  ...odd,
];
