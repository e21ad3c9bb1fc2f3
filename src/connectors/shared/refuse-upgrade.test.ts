import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { connect, createServer } from "node:net";
import { afterEach, expect, it } from "vitest";
import { refuseUpgrade } from "./refuse-upgrade.ts";

const server = createServer();

afterEach(() => {
  server.close();
});

/** Both ends of a connection. */
async function pair(): Promise<{ client: Socket; raw: Socket }> {
  if (!server.listening) await once(server.listen(0), "listening");
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const [raw] = await once(server, "connection");
  return { client, raw };
}

it("answers with status and text, says that it closes, and ends the socket", async () => {
  const { client, raw } = await pair();
  let answer = "";
  client.setEncoding("utf8").on("data", (text) => {
    answer += text;
  });
  refuseUpgrade(raw, { status: 403, headers: [], body: "Nö." });
  await once(client, "close");
  expect(answer).toBe(
    [
      "HTTP/1.1 403 Forbidden",
      "Connection: close",
      "Content-Length: 4",
      "Content-Type: text/plain; charset=utf-8",
      "",
      "Nö.",
    ].join("\r\n"),
  );
  expect(raw.destroyed).toBe(true);
});

it("knows a phrase for every status", async () => {
  for (const [status, phrase] of [
    [400, "Bad Request"],
    [503, "Service Unavailable"],
    [418, "Refused"],
  ] as const) {
    const { client, raw } = await pair();
    const head = once(client, "data");
    refuseUpgrade(raw, { status, headers: [], body: "" });
    expect(String((await head)[0])).toMatch(new RegExp(`^HTTP/1\\.1 ${status} ${phrase}\r\n`));
    client.destroy();
  }
});

it("does no harm to a socket that is gone", async () => {
  const { client, raw } = await pair();
  raw.destroy();
  refuseUpgrade(raw, { status: 404, headers: [], body: "late" });
  await once(client.resume(), "close");
  expect(raw.destroyed).toBe(true);
});
