// How connections of Node's server end, over real sockets: by the peer, by the application, and by loss.
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { lifecycleOf, newRegister, opened, served } from "../support/node-server.ts";
import { closeFrame, RawPeer, frame as rawFrame } from "../support/raw-peer.ts";

describe("the end", () => {
  it("by the peer reaches disconnected with its code and reason", async () => {
    const register = newRegister();
    const { ended } = lifecycleOf(register);
    const server = await served(register);
    const peer = await RawPeer.open(server.port);
    const end = ended();
    peer.write(closeFrame(4001, "bye"));
    expect(await peer.closed()).toEqual({ code: 4001, reason: "bye" });
    await peer.gone;
    expect(await end).toEqual({ code: 4001, reason: "bye" });
    expect(register.connections.size).toBe(0);
  });

  it("without a code reads as 1005", async () => {
    const register = newRegister();
    const { ended } = lifecycleOf(register);
    const server = await served(register);
    const peer = await RawPeer.open(server.port);
    const end = ended();
    peer.write(rawFrame("", { opcode: 8 }));
    expect(await peer.closed()).toEqual({ code: 1005, reason: "" });
    expect(await end).toEqual({ code: 1005, reason: "" });
  });

  it.each(["a reset", "an end without a Close"])("by %s reads as 1006", async (how) => {
    const register = newRegister();
    const { ended } = lifecycleOf(register);
    const server = await served(register);
    const peer = await RawPeer.open(server.port);
    const end = ended();
    if (how === "a reset") peer.reset();
    else peer.socket.end();
    expect(await end).toEqual({ code: 1006, reason: "" });
  });

  it("by the application reaches the peer with code and reason, after what was sent before", async () => {
    const register = newRegister();
    const { ended } = lifecycleOf(register);
    register.onEvent("bye", async ({ connection }) => {
      void connection.send("last", "words");
      await connection.close(4002, "é".repeat(100));
    });
    const server = await served(register);
    const socket = await opened(server.url);
    const end = ended();
    socket.send('{"eventName":"bye"}');
    const [data] = await once(socket, "message");
    expect(String(data)).toContain("last");
    const [code, reason] = await once(socket, "close");
    expect(code).toBe(4002);
    expect(String(reason)).toBe("é".repeat(61));
    expect(await end).toEqual({ code: 4002, reason: "é".repeat(61) });
  });

  it("comes after limits.closeMs for a peer that never answers the Close", async () => {
    const register = newRegister({ limits: { closeMs: 50 } });
    const { ended } = lifecycleOf(register);
    register.onEvent("bye", ({ connection }) => connection.close(4002));
    const server = await served(register);
    const peer = await RawPeer.open(server.port);
    const end = ended();
    peer.send("bye");
    expect(await peer.closed()).toEqual({ code: 4002, reason: "" });
    await peer.gone;
    expect(await end).toEqual({ code: 4002, reason: "" });
    expect(register.connections.size).toBe(0);
  });

  it("waits for a peer that answers late, where limits.closeMs is none", async () => {
    const register = newRegister({ limits: { closeMs: Number.POSITIVE_INFINITY } });
    const { ended } = lifecycleOf(register);
    register.onEvent("bye", ({ connection }) => connection.close(4002));
    const server = await served(register);
    const peer = await RawPeer.open(server.port);
    const end = ended();
    peer.send("bye");
    await peer.closed();
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(peer.socket.readyState).toBe("open");
    peer.write(closeFrame(4002));
    await end;
    await peer.gone;
  });

  it("leaves other connections alone", async () => {
    const register = newRegister();
    register.onEvent("echo", ({ connection, payload }) => connection.send("echo", payload));
    const { ended } = lifecycleOf(register);
    const server = await served(register);
    const [first, second] = [await RawPeer.open(server.port), await RawPeer.open(server.port)];
    const end = ended();
    first.reset();
    await end;
    second.send("echo", "still here");
    expect(await second.envelope()).toEqual({ eventName: "echo", payload: "still here" });
  });
});
