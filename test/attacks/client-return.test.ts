// Servers that end every connection in some way (threat P1): the client comes back slowly, and brings its token nowhere else.
import { describe, expect, it } from "vitest";
import { CLOSE } from "../support/raw-peer.ts";
import { accepting, attacked, cleanUp, SECRET, text, unmasked } from "./attacked-client.ts";
import { HostileServer, type Welcome } from "./hostile-server.ts";

/** What makes a client come back. Each is done to it for a while, at the same time. */
const RETRIED: readonly (readonly [string, Welcome])[] = [
  ["hangs up at once", ({ socket }) => socket.destroy()],
  ["resets at once", ({ socket }) => socket.resetAndDestroy()],
  ["answers 500", answering("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n")],
  ["answers 503 with Retry-After: 0", answering("HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n")],
  ["answers 200", answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")],
  ["answers what is no HTTP", answering("SSH-2.0-OpenSSH_9.6\r\n\r\n")],
  ["answers with headers without end", answering(`HTTP/1.1 101 Hi\r\n${"X-Long: yes\r\n".repeat(50_000)}`)],
  ["accepts with a wrong key", ({ accept }) => accept("Sec-WebSocket-Accept: bm90aGluZw==")],
  [
    "accepts with an extension nobody asked for",
    ({ accept }) => accept("Sec-WebSocket-Extensions: permessage-deflate"),
  ],
  ["selects a subprotocol nobody offered", ({ accept }) => accept("Sec-WebSocket-Protocol: other")],
  ["accepts and hangs up", accepting(({ socket }) => socket.end())],
  ["accepts and resets", accepting(({ socket }) => setImmediate(() => socket.resetAndDestroy()))],
  ["closes with 1001", accepting(closing(1001))],
  ["closes with 1011", accepting(closing(1011))],
  ["closes with 1012 and no window", accepting(closing(1012))],
  ["closes with 1012 after a window of 0", accepting(draining(0))],
  ["closes with 1012 after a window below 0", accepting(draining(-1))],
  ["closes with 1012 after a window that is none", accepting(draining("soon"))],
  ["closes with 1013", accepting(closing(1013))],
  ["closes with 4408", accepting(closing(4408))],
  ["closes with 4413", accepting(closing(4413))],
  ["closes with 4429", accepting(closing(4429))],
  ["closes with 4999 and a reason of 123 bytes", accepting(closing(4999, "x".repeat(123)))],
  ["closes without a code", accepting(({ socket }) => socket.write(unmasked("", { opcode: CLOSE })))],
];

function answering(answer: string): Welcome {
  return ({ socket }) => socket.end(answer);
}

function closing(code: number, reason = ""): Welcome {
  const payload = Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]);
  return ({ socket }) => socket.end(unmasked(payload, { opcode: CLOSE }));
}

function draining(windowMs: unknown): Welcome {
  return (visitor) => {
    visitor.socket.write(text({ eventName: "zap:draining", payload: { windowMs } }));
    closing(1012)(visitor);
  };
}

const PERIOD_MS = 2_500;

describe("the way back", () => {
  it("is taken no more than ten times a second, whatever the server does", async () => {
    const all = await Promise.all(RETRIED.map(async ([what, welcome]) => ({ what, ...(await attacked(welcome)) })));
    await new Promise((resolve) => setTimeout(resolve, PERIOD_MS));
    for (const { what, server, client } of all) {
      const delays = server.visits.slice(1).map((visit, index) => visit - (server.visits[index] ?? 0));
      // It does come back, and timers may be early by a little.
      expect([what, delays.length > 0]).toEqual([what, true]);
      expect([what, Math.min(...delays) >= 95]).toEqual([what, true]);
      expect(client.getSnapshot().lastClose?.reason.length).toBeLessThanOrEqual(123);
    }
  });

  it("is taken once with a new token after 4401, and no more", async () => {
    const tokens: string[] = [];
    const { server, until } = await attacked(accepting(closing(4401)), {
      token: () => {
        tokens.push(SECRET);
        return SECRET;
      },
    });
    await until("closed");
    expect([server.visits.length, tokens.length]).toEqual([2, 2]);
  });

  it("does not lead to another server: a redirect is not followed, and the token stays", async () => {
    const other = await HostileServer.start(() => {});
    cleanUp.push(() => other.stop());
    const moved = `HTTP/1.1 302 Found\r\nLocation: ${other.url.replace("ws:", "http:")}\r\nContent-Length: 0\r\n\r\n`;
    const { client } = await attacked(answering(moved));
    await expect.poll(() => client.getSnapshot().attempt).toBeGreaterThan(1);
    expect(other.visits).toEqual([]);
  });
});
