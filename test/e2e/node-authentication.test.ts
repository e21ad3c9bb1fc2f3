// Who may connect to Node's server, asked before the upgrade: what the peer is told, and what is left when it goes.
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ZapClient } from "../../src/client/node.ts";
import { attach } from "../../src/connectors/node.ts";
import type { Authenticate, Authenticated } from "../../src/index.ts";
import { MemoryLog } from "../support/memory-log.ts";
import { cleanUp, httpServer, newRegister, served, until } from "../support/node-server.ts";
import { RawPeer, upgradeRequest } from "../support/raw-peer.ts";

const unhandled: unknown[] = [];
const note = (error: unknown) => void unhandled.push(error);

beforeEach(() => {
  unhandled.length = 0;
  process.on("unhandledRejection", note);
  process.on("uncaughtException", note);
});

afterEach(() => {
  process.off("unhandledRejection", note);
  process.off("uncaughtException", note);
  expect(unhandled).toEqual([]);
});

const bearer = (token: string) =>
  `Sec-WebSocket-Protocol: zap.v1, zap.bearer.${Buffer.from(token).toString("base64url")}`;

function waiting() {
  const asked: { signal: AbortSignal; answer: (answer: Authenticated) => void }[] = [];
  const authenticate: Authenticate = ({ signal }) => new Promise((answer) => asked.push({ signal, answer }));
  return { asked, authenticate };
}

describe("a peer that is refused", () => {
  it("is told with the response of the application, before there is a connection", async () => {
    const register = newRegister({
      authenticate: ({ url }) =>
        url.includes("poor") ? new Response("Pay first.", { status: 402, headers: { "x-price": "5" } }) : undefined,
    });
    const lives: string[] = [];
    register.onEvent("connected", () => lives.push("connected"));
    const { port } = await served(register, { host: "127.0.0.1" });
    const poor = new RawPeer(port);
    const answer = await poor.upgrade({ path: "/ws?poor" });
    expect(answer.status).toBe(402);
    expect(answer.headers).toMatch(/^x-price: 5$/im);
    await poor.gone;
    const unknown = new RawPeer(port);
    expect((await unknown.upgrade()).status).toBe(401);
    await unknown.gone;
    expect(lives).toEqual([]);
    expect(register.stats()).toMatchObject({
      connections: 0,
      rejected: new Map([
        ["forbidden", 1],
        ["unauthenticated", 1],
      ]),
    });
  });

  it("learns nothing of why, and neither the log nor the answer holds its token", async () => {
    const log = new MemoryLog();
    const register = newRegister({
      logger: log,
      authenticate: ({ token }) => {
        throw new Error(`no key fits Bearer ${token}`);
      },
    });
    const { port } = await served(register, { host: "127.0.0.1" });
    const peer = new RawPeer(port);
    const { status, headers } = await peer.upgrade({ headers: [bearer("hunter2hunter2")] });
    expect(status).toBe(401);
    const said = `${headers}${JSON.stringify(log.lines, (_key, value) => (value instanceof Error ? value.stack : value))}`;
    expect(log.lines).toHaveLength(1);
    expect(said).not.toContain("hunter2");
    expect(said).not.toContain(Buffer.from("hunter2hunter2").toString("base64url"));
  });
});

describe("a peer that is let in", () => {
  it("has its token read, its protocol selected, and its token repeated to nobody", async () => {
    const register = newRegister({ authenticate: ({ token }) => (token === "s3cret" ? { id: "ann" } : null) });
    const seen: unknown[] = [];
    register.onEvent("connected", ({ connection, payload }) =>
      seen.push(connection.principal, payload.headers.get("sec-websocket-protocol")),
    );
    const { port } = await served(register, { host: "127.0.0.1" });
    const peer = new RawPeer(port);
    const { status, headers } = await peer.upgrade({ headers: [bearer("s3cret")] });
    expect(status).toBe(101);
    expect(headers).toMatch(/^sec-websocket-protocol: zap\.v1$/im);
    await until(() => seen.length > 0);
    expect(seen).toEqual([{ id: "ann" }, "zap.v1"]);
  });

  it("has what it sent together with the upgrade handled, once it is known", async () => {
    const { asked, authenticate } = waiting();
    const register = newRegister({ authenticate });
    register.onEvent("echo", ({ connection, payload }) => connection.send("echo", payload));
    const { port } = await served(register, { host: "127.0.0.1" });
    const peer = new RawPeer(port);
    peer.write(Buffer.from(upgradeRequest()));
    peer.send("echo", "early");
    await until(() => asked.length === 1);
    asked[0]?.answer({ id: "ann" });
    expect((await peer.answer()).status).toBe(101);
    expect(await peer.envelope()).toEqual({ eventName: "echo", payload: "early" });
  });

  it("renews its token with our client when it is asked to, and stays", async () => {
    const tokens: (string | undefined)[] = [];
    const register = newRegister({
      authenticate: ({ token }) => {
        tokens.push(token);
        return { id: "ann", token, expiresAt: Date.now() + 500 };
      },
    });
    const { url } = await served(register);
    let count = 0;
    const client = new ZapClient(url, { token: () => `token ${++count}` });
    cleanUp.push(() => client.close());
    await client.connect();
    await until(() => tokens.length >= 3);
    expect(tokens.slice(0, 3)).toEqual(["token 1", "token 2", "token 3"]);
    expect(register.stats()).toMatchObject({ connections: 1, closed: new Map() });
  });
});

describe("a peer that does not wait", () => {
  it("leaves nothing behind when it resets the connection while it is asked about", async () => {
    const { asked, authenticate } = waiting();
    const register = newRegister({ authenticate, limits: { connections: 20 } });
    const { port } = await served(register, { host: "127.0.0.1" });
    for (let index = 0; index < 20; index++) {
      const peer = new RawPeer(port);
      await once(peer.socket, "connect");
      peer.write(Buffer.from(upgradeRequest()));
      await until(() => asked.length === index + 1);
      peer.reset();
      await until(() => asked[index]?.signal.aborted === true);
    }
    for (const { answer } of asked) answer({ id: "late" });
    const peers = Array.from({ length: 20 }, () => new RawPeer(port));
    for (const peer of peers) peer.write(Buffer.from(upgradeRequest()));
    await until(() => asked.length === 40);
    for (const { answer } of asked) answer({ id: "ann" });
    for (const peer of peers) expect((await peer.answer()).status).toBe(101);
    await until(() => register.connections.size === 20);
  });

  it("is refused with 503 when the server closes meanwhile", async () => {
    const { asked, authenticate } = waiting();
    const register = newRegister({ authenticate });
    const { server, port } = await httpServer();
    const attachment = attach(server, register);
    const peer = new RawPeer(port);
    peer.write(Buffer.from(upgradeRequest()));
    await until(() => asked.length === 1);
    await attachment.close();
    expect((await peer.answer()).status).toBe(503);
    asked[0]?.answer({ id: "ann" });
    expect(register.connections.size).toBe(0);
  });
});

describe("numbers of connections", () => {
  it("are limited before the upgrade, and a place is free when its connection has ended", async () => {
    const register = newRegister({ limits: { connections: 2, connectionsPerAddress: 2 } });
    const { port } = await served(register, { host: "127.0.0.1" });
    const first = await RawPeer.open(port);
    await RawPeer.open(port);
    const third = new RawPeer(port);
    const { status, headers } = await third.upgrade();
    expect(status).toBe(503);
    expect(headers).toMatch(/^retry-after: \d+$/im);
    first.reset();
    await until(() => register.connections.size === 1);
    const fourth = new RawPeer(port);
    expect((await fourth.upgrade()).status).toBe(101);
  });
});
