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
  socket.write(
    Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), text === undefined ? EMPTY : textFrame(text)]),
  );
  return socket;
}

const EMPTY = Buffer.alloc(0);

/** A short text frame, masked with zeros. */
export function textFrame(text: string): Buffer {
  const body = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | body.length, 0, 0, 0, 0]), body]);
}

/** The head of the answer to an upgrade, and the text of the first frame after it, once `enough` is there. */
export function answerOf(socket: Socket, enough: "head" | "frame"): Promise<{ readonly head: string; text: string }> {
  return read(socket, (got) => {
    const end = got.indexOf("\r\n\r\n");
    const text = textOf(got.subarray(end + 4));
    if (end === -1 || (enough === "frame" && text === undefined)) return undefined;
    return { head: got.toString("latin1", 0, end), text: text ?? "" };
  });
}

/** The text of the first frame on a socket that has been upgraded. */
export function firstFrameOf(socket: Socket): Promise<string> {
  return read(socket, textOf);
}

/** The text of a short frame, once all of it is there. */
function textOf(bytes: Buffer): string | undefined {
  const [, length] = bytes;
  return length === undefined || bytes.length < 2 + length ? undefined : bytes.toString("utf8", 2, 2 + length);
}

/** Reads until `find` finds what it wants. */
function read<T>(socket: Socket, find: (got: Buffer) => T | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    let got = EMPTY;
    socket.on("close", () => reject(new Error(`closed after: ${got.toString("latin1")}`)));
    socket.on("data", (data: string | Uint8Array) => {
      got = Buffer.concat([got, Buffer.from(data as Uint8Array)]);
      const found = find(got);
      if (found === undefined) return;
      resolve(found);
      socket.destroy();
    });
  });
}

/** The head of the answer to an upgrade and, where that is a 101, what comes when `text` is sent then. */
export function echoOf(socket: Socket, text: string): Promise<{ readonly head: string; readonly echo: string }> {
  return new Promise((resolve, reject) => {
    let got = "";
    let end = -1;
    const settle = () => {
      resolve({ head: got.slice(0, end), echo: got.slice(end + 4) });
      socket.destroy();
    };
    socket.setEncoding("latin1");
    socket.on("close", () => reject(new Error(`closed after: ${got}`)));
    socket.on("data", (data) => {
      const before = end;
      got += data;
      end = got.indexOf("\r\n\r\n");
      if (end === -1) return;
      if (!/^HTTP\/1\.1 101 /.test(got)) return settle();
      if (before === -1) socket.write(text);
      if (got.length >= end + 4 + text.length) settle();
    });
  });
}
