import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { frame, PING, PONG, RawPeer } from "../../../test/support/raw-peer.ts";
import { EventRegister } from "../../index.ts";
import { serve, type ZapServer } from "../node.ts";

let server: ZapServer | undefined;

afterEach(() => server?.close());

const ping = (data: string) => frame(data, { opcode: PING });

async function openPeer(register = new EventRegister()) {
  server = await serve(register, { port: 0 });
  const peer = await RawPeer.open(server.port);
  return peer;
}

describe("the pings of a socket", () => {
  it("are answered with what they carry, however far apart they come", async () => {
    const peer = await openPeer();
    for (const data of ["", "one", "x".repeat(125)]) {
      peer.write(ping(data));
      const answer = await peer.next();
      expect([answer?.opcode, String(answer?.payload)]).toEqual([PONG, data]);
    }
    peer.reset();
  });

  it("are answered for the newest of those that come together, in one frame", async () => {
    const register = new EventRegister();
    register.onEvent("last", () => "of all");
    const peer = await openPeer(register);
    peer.write(Buffer.concat(Array.from({ length: 100 }, (_, index) => ping(String(index)))));
    const answer = await peer.next();
    expect([answer?.opcode, String(answer?.payload)]).toEqual([PONG, "99"]);
    // Nothing else came before the answer to what was asked later.
    expect(await peer.ask("last")).toBe("of all");
    peer.reset();
  });

  it("wait for a peer that does not read, and get one answer when it does", async () => {
    const register = new EventRegister();
    register.onEvent("fill", async ({ connection }) => {
      // More than the systems' buffers hold: what waits here is over the soft limit.
      while (connection.bufferedBytes <= 300_000) {
        await connection.send("filling", "x".repeat(60_000));
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    const peer = await openPeer(register);
    peer.socket.pause();
    peer.send("fill");
    const [connection] = register.connections.all();
    while ((connection?.bufferedBytes ?? 0) <= 300_000) await new Promise((resolve) => setTimeout(resolve, 5));
    for (let index = 0; index < 20; index++) {
      peer.write(ping(`unread ${index}`));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const before = connection?.bufferedBytes;
    peer.write(ping("newest"));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(connection?.bufferedBytes).toBe(before);
    peer.socket.resume();
    const pongs: string[] = [];
    while (!pongs.includes("newest")) {
      const next = await peer.next();
      if (next?.opcode === PONG) pongs.push(String(next.payload));
    }
    expect(pongs).toEqual(["newest"]);
    peer.reset();
    await once(peer.socket, "close");
  });
});
