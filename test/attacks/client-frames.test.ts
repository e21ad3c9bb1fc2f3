// Hostile frames against the client on Node (threat P1): each ends the connection, and the client stays away.
import { describe, expect, it } from "vitest";
import { BINARY, CLOSE, CONTINUATION, frame, PING } from "../support/raw-peer.ts";
import { accepting, attacked, text, unmasked } from "./attacked-client.ts";

const parts = (count: number, part: string) =>
  Buffer.concat([
    unmasked(part, { fin: false }),
    ...Array.from({ length: count - 1 }, () => unmasked(part, { fin: false, opcode: CONTINUATION })),
  ]);

describe("a frame that no server should send ends the connection, and the client stays away:", () => {
  it.each<[string, Uint8Array]>([
    ["a masked one", frame('{"eventName":"x"}')],
    ["reserved bits", unmasked("{}", { rsv: 7 })],
    ["a reserved opcode", unmasked("", { opcode: 5 })],
    ["a continuation of nothing", unmasked("x", { opcode: CONTINUATION })],
    ["a ping in fragments", unmasked("x", { opcode: PING, fin: false })],
    ["a Close of one byte", unmasked("x", { opcode: CLOSE })],
    ["a Close with a code that may not be sent", unmasked(Buffer.from([3, 237]), { opcode: CLOSE })],
    ["a close reason that is not UTF-8", unmasked(Buffer.from([3, 232, 0xff]), { opcode: CLOSE })],
    ["compression that was not agreed on", unmasked("x", { rsv: 4 })],
    ["binary", unmasked("{}", { opcode: BINARY })],
    ["invalid UTF-8", unmasked(Buffer.from([0x22, 0xff, 0x22]))],
    ["2^40 bytes", unmasked("", { claimedLength: 2n ** 40n })],
    ["2^63 bytes", unmasked("", { claimedLength: 2n ** 63n })],
    ["65,537 bytes", unmasked("x".repeat(65_537))],
    ["10,000 empty fragments", parts(10_000, "")],
    ["fragments that are too large together", parts(10, "x".repeat(10_000))],
    ["no JSON", unmasked("{nope")],
    ["no object", unmasked("7")],
    ["an empty text", unmasked("")],
    ["30,000 levels", unmasked(`{"eventName":"x","payload":${"[".repeat(30_000)}${"]".repeat(30_000)}}`)],
    ["no name", unmasked("{}")],
    ["a name that is an object", unmasked('{"eventName":{"toString":"x"}}')],
    ["a name of 60,000 characters", text({ eventName: "x".repeat(60_000) })],
    ["headers that are a list", text({ eventName: "x", headers: [] })],
    [
      "too many headers",
      text({ eventName: "x", headers: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [i, i])) }),
    ],
  ])("%s", async (_what, bytes) => {
    const { server, client, until } = await attacked(accepting(({ socket }) => socket.write(bytes)));
    await until("closed");
    expect(client.getSnapshot().lastClose?.code).not.toBe(1006);
    expect(server.visits).toHaveLength(1);
  });
});
