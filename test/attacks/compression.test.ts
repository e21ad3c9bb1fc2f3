// Compressed frames against a server that was set up to compress: what counts is what they inflate to (threat E3).
import { deflateRawSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CONTINUATION, closeFrame, frame, type RawPeer } from "../support/raw-peer.ts";
import { nodeSubject } from "./subject.ts";
import { Target } from "./target.ts";

const OFFER = { headers: ["Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover"] };
const COMPRESSED = 4;
const MIB = 1024 * 1024;

let target: Target;
beforeAll(async () => {
  target = await Target.start(nodeSubject("compressed", "test/attacks/programs/compressed.ts"), "plain");
});
afterAll(() => target.attacked.kill());

/** A text as one compressed frame holds it (RFC 7692, section 7.2.1). */
function deflated(text: string): Uint8Array {
  return deflateRawSync(text, { finishFlush: 2 }).subarray(0, -4);
}

async function ended(peer: RawPeer): Promise<number> {
  const { code } = await peer.closed();
  peer.write(closeFrame(code));
  await peer.gone;
  return code;
}

it("an envelope that is compressed arrives", async () => {
  const peer = await target.open(OFFER);
  peer.write(frame(deflated('{"eventName":"echo","payload":"small"}'), { rsv: COMPRESSED }));
  expect(await peer.next()).toMatchObject({ opcode: 1 });
  peer.reset();
  await target.expectUnharmed();
});

it.each([
  ["64 MiB in one frame", [deflated("x".repeat(64 * MIB))]],
  ["64 MiB of brackets", [deflated("[".repeat(64 * MIB))]],
  ["one byte beyond the limit", [deflated("x".repeat(65_537))]],
  ["64 MiB in 60 fragments", pieces(deflated("x".repeat(64 * MIB)), 60)],
])("%s is closed with 1009, before it is inflated", async (_what, parts) => {
  const { rss: before } = await target.report();
  const peer = await target.open(OFFER);
  for (const [index, part] of parts.entries()) {
    const first = index === 0;
    const fin = index === parts.length - 1;
    peer.write(frame(part, { fin, rsv: first ? COMPRESSED : 0, opcode: first ? 1 : CONTINUATION }));
  }
  // Larger than a frame may be even while compressed, or once it is not.
  expect(await ended(peer)).toBe(1009);
  expect((await target.report()).rss - before).toBeLessThan(32 * MIB);
  await target.expectUnharmed();
});

it.each([
  ["what is not compressed at all", frame('{"eventName":"echo"}', { rsv: COMPRESSED }), 1007],
  ["a compressed continuation", frame("x", { rsv: COMPRESSED, opcode: CONTINUATION }), 1002],
  ["a compressed ping", frame("x", { rsv: COMPRESSED, opcode: 9 }), 1002],
])("%s ends its sender and nobody else", async (_what, bytes, code) => {
  const peer = await target.open(OFFER);
  peer.write(bytes);
  expect(await ended(peer)).toBe(code);
  await target.expectUnharmed();
});

function pieces(bytes: Uint8Array, count: number): Uint8Array[] {
  const size = Math.ceil(bytes.length / count);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}
