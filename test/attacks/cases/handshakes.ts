// Upgrade requests that are malformed, foreign or early, and what comes together with good ones.
import { expect } from "vitest";
import { envelopeFrame, RawPeer, requestFrame, upgradeRequest } from "../../support/raw-peer.ts";
import type { Attack, Threat } from "../attack.ts";
import { differenceOf, losesEarly, TAKEN } from "../differences.ts";
import { expectStaying } from "../staying.ts";
import type { Target } from "../target.ts";
import { expectLost } from "./refused.ts";

const withHeaders = (...headers: string[]) => upgradeRequest({ headers });

/** An upgrade that gets one of `statuses`: nothing is opened, and no handler runs. */
function refusedWith(threats: readonly Threat[], what: string, request: string, statuses: readonly number[]): Attack {
  return {
    threats,
    what,
    async run(target) {
      const difference = differenceOf(target.subject.name, what)?.code;
      if (difference === TAKEN) return expectUnanswered(target, request);
      const before = (await target.report()).lifecycle.connected;
      expect(difference === undefined ? statuses : [difference]).toContain(await answerTo(target, request));
      if (difference !== 101) expect((await target.report()).lifecycle.connected).toBe(before);
    },
  };
}

/**
 * The status an upgrade is answered with; 0 when the server just hung up. Where the application has accepted it before
 * we were asked, the Close counts: 403 stands for 4403.
 */
async function answerTo(target: Target, request: string): Promise<number> {
  const peer = new RawPeer(target.port);
  peer.write(Buffer.from(request, "latin1"));
  const { status } = await peer.answer();
  const late = status === 101 && target.subject.admission === "the application's";
  const answer = late ? (await peer.closed()).code - 4_000 : status;
  peer.reset();
  return answer;
}

// What is answered at all is answered by then. Peers that say no more are cut later: see slow.ts.
const UNANSWERED_MS = 300;

async function expectUnanswered(target: Target, request: string): Promise<void> {
  const peer = new RawPeer(target.port);
  peer.write(Buffer.from(request, "latin1"));
  await expectStaying(peer, UNANSWERED_MS);
  expect(peer.socket.bytesRead).toBe(0);
  peer.reset();
}

const foreign = (
  [
    ["of another site", ["Origin: https://evil.example"]],
    ["of another port", ["Host: localhost:9000", "Origin: http://localhost:9001"]],
    ["of another scheme", ["Host: localhost", "Origin: ftp://localhost"]],
    ["that only ends like ours", ["Host: example.com", "Origin: https://evilexample.com"]],
    ["that only begins like ours", ["Host: example.com", "Origin: https://example.com.evil.net"]],
    ["of a subdomain of ours", ["Host: example.com", "Origin: https://sub.example.com"]],
    ["that is null", ["Origin: null"]],
    ["with a user like our host", ["Host: example.com", "Origin: https://example.com@evil.net"]],
  ] as const
).map(([what, headers]) =>
  refusedWith(["A1"], `comes with an Origin ${what}`, withHeaders("Cookie: session=1", ...headers), [403]),
);

const malformed = [
  ...(
    [
      ["an empty Origin", "Origin:"],
      ["an Origin that is nonsense", "Origin: http://["],
      ["an Origin of 8 KiB", `Origin: https://${"a".repeat(8_192)}.net`],
      ["an Origin beyond ASCII", "Origin: https://ex\u00e4mple.net"],
      ["an Origin with a path", "Origin: http://localhost/"],
    ] as const
  ).map(([what, header]) => refusedWith(["A2"], `sends ${what}`, withHeaders(header), [400, 403])),
  refusedWith(
    ["A2"],
    "sends two Origins",
    withHeaders("Origin: http://localhost", "Origin: https://evil.example"),
    [400, 403],
  ),
  ...["[", "a b", "localhost/x", "//", "a".repeat(8_192)].map((host) =>
    refusedWith(
      ["A2"],
      `sends the Host ${JSON.stringify(host.slice(0, 16))}`,
      withHeaders(`Host: ${host}`, "Origin: http://localhost"),
      [400, 403],
    ),
  ),
  ...[
    "//",
    "//[",
    "/[",
    "/ws/",
    "/WS",
    "/..//ws",
    "/ws%00",
    "*",
    "http://[/ws",
    `/${"a".repeat(8_192)}`,
    "/w\u00e9",
  ].map((path) =>
    refusedWith(["A2"], `asks for the path ${JSON.stringify(path.slice(0, 16))}`, upgradeRequest({ path }), [400, 404]),
  ),
  refusedWith(["A2"], "asks with a control character in the path", upgradeRequest({ path: "/ws\u0001" }), [400, 505]),
  refusedWith(["A2"], "sends no key", withHeaders("Sec-WebSocket-Key:"), [400, 426]),
  refusedWith(["A2"], "sends a key that is none", withHeaders("Sec-WebSocket-Key: abc"), [400, 426]),
  refusedWith(["A2"], "speaks version 99", withHeaders("Sec-WebSocket-Version: 99"), [400, 426]),
  refusedWith(["A2"], "upgrades to something else", withHeaders("Upgrade: h2c"), [400, 404, 426]),
  refusedWith(["A2"], "offers subprotocols that are none", withHeaders("Sec-WebSocket-Protocol: ,,,"), [400]),
  refusedWith(["A2"], "upgrades with POST", upgradeRequest().replace("GET", "POST"), [400, 404, 405, 426]),
];

const garbled: readonly Attack[] = (
  [
    ["sends no HTTP", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"],
    ["sends a frame where the upgrade should be", envelopeFrame("echo").toString("latin1")],
    ["sends a request line of 64 KiB", `GET /${"a".repeat(65_536)} HTTP/1.1\r\n\r\n`],
    ["sends a header of 64 KiB", withHeaders(`X-Long: ${"a".repeat(65_536)}`)],
    ["sends 5,000 headers", withHeaders(...Array.from({ length: 5_000 }, (_, index) => `X-${index}: 1`))],
    ["sends HTTP/9.9", upgradeRequest().replace("HTTP/1.1", "HTTP/9.9")],
    ["sends HTTP/1.0", upgradeRequest().replace("HTTP/1.1", "HTTP/1.0")],
    ["sends a header without a colon", upgradeRequest().replace("Upgrade: websocket", "Upgrade websocket")],
    ["sends headers that are folded", upgradeRequest().replace("\r\nUpgrade", "\r\n folded\r\nUpgrade")],
    ["sends line feeds alone", upgradeRequest().replaceAll("\r\n", "\n")],
    ["sends a NUL in a header", withHeaders("X-Nul: a\0b")],
    ["sends two lengths", withHeaders("Content-Length: 1", "Content-Length: 2")],
    ["sends a length and chunks", withHeaders("Content-Length: 1", "Transfer-Encoding: chunked")],
  ] as const
).map(([what, request]) => ({
  threats: ["F1"],
  what,
  // Whatever it is answered: nothing is thrown, and nothing is left of it.
  async run(target) {
    if (differenceOf(target.subject.name, what)?.code === TAKEN) return expectUnanswered(target, request);
    const peer = new RawPeer(target.port);
    peer.write(Buffer.from(request, "latin1"));
    expect([0, 101, 400, 404, 405, 426, 431, 505]).toContain((await peer.answer()).status);
    peer.reset();
  },
}));

const together: readonly Attack[] = [
  {
    threats: ["E5"],
    what: "sends a hundred events together with the upgrade, and has each handled once, in order, after connected",
    async run(target) {
      const echoes = Array.from({ length: 100 }, (_, index) => envelopeFrame("echo", index));
      const head = Buffer.concat([requestFrame("1", "whoami"), ...echoes]);
      if (losesEarly(target.subject.name)) return expectLost(target, head);
      const peer = await target.open({ head });
      expect(await peer.envelope()).toMatchObject({ eventName: "whoami", payload: { ready: true } });
      for (let index = 0; index < 100; index++) expect((await peer.envelope()).payload).toBe(index);
      expect(await peer.ask("whoami")).toMatchObject({ ready: true });
      peer.reset();
    },
  },
  {
    threats: ["E5"],
    what: "sends half a frame together with the upgrade, and the rest later",
    async run(target) {
      const frame = envelopeFrame("echo", "halves");
      if (losesEarly(target.subject.name)) return expectLost(target, frame.subarray(0, 9));
      const peer = await target.open({ head: frame.subarray(0, 9) });
      peer.write(frame.subarray(9));
      expect((await peer.envelope()).payload).toBe("halves");
      peer.reset();
    },
  },
  {
    threats: ["E5"],
    what: "sends the upgrade and goes, before it is answered",
    async run(target) {
      for (const leave of ["reset", "end", "destroy"] as const) {
        const peer = new RawPeer(target.port);
        peer.write(Buffer.concat([Buffer.from(upgradeRequest()), envelopeFrame("echo")]));
        if (leave === "reset") peer.reset();
        else peer.socket[leave]();
        await peer.gone;
      }
    },
  },
  {
    threats: ["E3"],
    what: "offers compression, which is not taken up",
    async run(target) {
      const peer = new RawPeer(target.port);
      const { status, headers } = await peer.upgrade({
        headers: ["Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"],
      });
      expect(status).toBe(101);
      expect(headers).not.toMatch(/sec-websocket-extensions/i);
      peer.reset();
    },
  },
];

/** All of them. */
export const handshakes: readonly Attack[] = [...foreign, ...malformed, ...garbled, ...together];
