// The paths of Node's server, over real sockets: ours, those of the application, and nobody's.
import { describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { attach, serve } from "../../src/connectors/node.ts";
import { httpServer, newRegister, served } from "../support/node-server.ts";
import { RawPeer } from "../support/raw-peer.ts";

describe("paths", () => {
  it("are told apart: two registers on one server never see each other's events", async () => {
    const [one, other] = [newRegister(), newRegister()];
    one.onEvent("who", ({ connection }) => connection.send("one"));
    other.onEvent("who", ({ connection }) => connection.send("other"));
    const { server, port } = await httpServer();
    attach(server, one, { path: "/one" });
    attach(server, other, { path: "/other" });
    const peers = [await RawPeer.open(port, { path: "/one" }), await RawPeer.open(port, { path: "/other?x=1" })];
    for (const peer of peers) peer.send("who");
    expect((await peers[0]?.envelope())?.eventName).toBe("one");
    expect((await peers[1]?.envelope())?.eventName).toBe("other");
    expect(one.connections.size).toBe(1);
    for (const peer of peers) peer.reset();
  });

  it("take one register each", async () => {
    const { server } = await httpServer();
    attach(server, newRegister());
    expect(() => attach(server, newRegister())).toThrow(expect.objectContaining({ code: "upgrade_in_use" }));
  });

  it.each(["", "ws", "/ws?x=1", "/ws#x"])("are no paths when they look like %j", async (path) => {
    const { server } = await httpServer();
    expect(() => attach(server, newRegister(), { path })).toThrow(
      expect.objectContaining({ code: "invalid_argument" }),
    );
    await expect(serve(newRegister(), { port: 0, path })).rejects.toMatchObject({ code: "invalid_argument" });
  });

  it("that nobody serves get a 404 where nobody else listens", async () => {
    const server = await served(newRegister());
    for (const path of ["/", "/wsx", "/ws/", "//ws", "/WS", "http://localhost/ws"]) {
      expect((await new RawPeer(server.port).upgrade({ path })).status).toBe(404);
    }
  });

  it("of others are left to them", async () => {
    const { server, port } = await httpServer();
    attach(server, newRegister());
    const foreign = new WebSocketServer({ noServer: true });
    server.on("upgrade", (request, socket, head) => {
      if (request.url !== "/foreign") return;
      foreign.handleUpgrade(request, socket, head, (accepted) => accepted.send("foreign"));
    });
    const peer = await RawPeer.open(port, { path: "/foreign" });
    expect(String((await peer.next())?.payload)).toBe("foreign");
    peer.reset();
    const ours = await RawPeer.open(port);
    ours.reset();
  });

  it("serve ordinary requests of the application as before", async () => {
    const { server, port } = await httpServer();
    attach(server, newRegister());
    const response = await fetch(`http://127.0.0.1:${port}/ws`);
    expect(await response.text()).toBe("the application");
  });

  it("are free again, and the server without our listener, when an attachment has closed", async () => {
    const { server, port } = await httpServer();
    const first = attach(server, newRegister());
    const second = attach(server, newRegister(), { path: "/second" });
    await first.close();
    expect(server.listenerCount("upgrade")).toBe(1);
    await second.close();
    expect(server.listenerCount("upgrade")).toBe(0);
    const register = newRegister();
    attach(server, register);
    const peer = await RawPeer.open(port);
    expect(register.connections.size).toBe(1);
    peer.reset();
  });
});
