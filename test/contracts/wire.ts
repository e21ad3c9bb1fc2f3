// Upgrade requests as bytes, for what a WebSocket client does not let out of its hands. Knows nothing of the suite.
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { WebSocket } from "ws";

/** How an upgrade was answered. */
export interface Answer {
  readonly status: number | undefined;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly body: string;
}

/** How an upgrade is refused. Rejects when it is accepted, or not answered in HTTP. */
export function refusal(url: string, options: { headers?: Record<string, string> } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, options);
    socket.on("unexpected-response", async (_request, response) => {
      response.setEncoding("utf8");
      const body = (await response.toArray()).join("");
      resolve({ status: response.statusCode, headers: response.headers, body });
    });
    socket.on("error", reject);
    socket.on("open", () => {
      socket.terminate();
      reject(new Error("It was accepted."));
    });
  });
}

/** Asks for the upgrade on a socket of its own, and sends `text` as a first frame in the same write. */
export function rawUpgrade(url: string, headers: readonly string[] = [], text?: string): Socket {
  const { hostname, port, host, pathname } = new URL(url);
  const lines = [
    `GET ${pathname} HTTP/1.1`,
    `Host: ${host}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
    "Sec-WebSocket-Version: 13",
    ...headers,
  ];
  const socket = connect(Number(port), hostname);
  socket.on("error", () => {});
  socket.write(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), text === undefined ? EMPTY : frame(text)]));
  return socket;
}

const EMPTY = Buffer.alloc(0);

/** A short text frame, masked with zeros. */
function frame(text: string): Buffer {
  const body = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | body.length, 0, 0, 0, 0]), body]);
}

/** The head of the answer to an upgrade, and the text of the first frame after it, once `enough` is there. */
export function answerOf(socket: Socket, enough: "head" | "frame"): Promise<{ readonly head: string; text: string }> {
  return new Promise((resolve, reject) => {
    let got = EMPTY;
    socket.on("close", () => reject(new Error(`closed after: ${got.toString("latin1")}`)));
    socket.on("data", (data) => {
      got = Buffer.concat([got, data]);
      const end = got.indexOf("\r\n\r\n");
      if (end === -1) return;
      const start = end + 4;
      const length = got[start + 1];
      const complete = length !== undefined && got.length >= start + 2 + length;
      if (enough === "frame" && !complete) return;
      resolve({
        head: got.toString("latin1", 0, end),
        text: got.toString("utf8", start + 2, start + 2 + (length ?? 0)),
      });
      socket.destroy();
    });
  });
}
