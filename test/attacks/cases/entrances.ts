// Ways around authentication and connection limits, at a server that lets nobody in without a token.
import { expect } from "vitest";
import { envelopeFrame, frame, HELLO_FRAME, type RawOptions, RawPeer } from "../../support/raw-peer.ts";
import type { Attack } from "../attack.ts";
import { differenceOf, losesEarly } from "../differences.ts";
import { AUTHENTICATION_MS, CONNECTIONS, PER_ADDRESS, SECRET, TOKEN_MARK } from "../doorkeeper.ts";
import { randomFrom } from "../random.ts";
import { bearer, type Target } from "../target.ts";
import { expectLost } from "./refused.ts";

/** What a peer that is not let in gets: a status where we are asked before the upgrade, a Close where after. */
interface Refusal {
  readonly status: number;
  readonly code: number;
}

const UNAUTHENTICATED: Refusal = { status: 401, code: 4401 };
const TOO_LATE: Refusal = { status: 503, code: 4408 };

async function expectRefused(target: Target, options: RawOptions, refusal: Refusal): Promise<void> {
  const peer = new RawPeer(target.port);
  const { status, headers, body } = await peer.upgrade(options);
  if (target.subject.admission === "ours") {
    expect(status).toBe(refusal.status);
    expect(headers + body).not.toMatch(new RegExp(`${SECRET}|${TOKEN_MARK}|node:|\\.mjs`));
    return peer.reset();
  }
  expect(status).toBe(101);
  const { code, reason, before } = await peer.ending();
  expect([code, before]).toEqual([refusal.code, []]);
  expect(reason).not.toContain(SECRET);
  peer.reset();
}

const subprotocol = (encoded: string) => ({ headers: [`Sec-WebSocket-Protocol: zap.v1, zap.bearer.${encoded}`] });

const refusals: readonly (readonly [string, RawOptions, Refusal])[] = [
  ["brings no token", {}, UNAUTHENTICATED],
  ["brings a token that nobody knows", { headers: bearer("who") }, UNAUTHENTICATED],
  ["brings an empty token", { headers: ["Authorization: Bearer "] }, UNAUTHENTICATED],
  ["brings another kind of token", { headers: ["Authorization: Basic aXM6YW5u"] }, UNAUTHENTICATED],
  ["brings a token of 8 KiB", { headers: [`Authorization: Bearer ${"x".repeat(8_192)}`] }, UNAUTHENTICATED],
  ["brings a token that is no base64url", subprotocol("%%%"), UNAUTHENTICATED],
  ["brings a token that is no UTF-8", subprotocol("_____w"), UNAUTHENTICATED],
  ["brings a token that is out of date", { headers: bearer("is:ann:-1") }, UNAUTHENTICATED],
  ["makes authenticate throw", { headers: bearer("throws") }, UNAUTHENTICATED],
  ["makes authenticate throw null", { headers: bearer("throws null") }, UNAUTHENTICATED],
  ["makes authenticate return nonsense", { headers: bearer("nonsense") }, UNAUTHENTICATED],
  [
    "is answered with a status of the application's own",
    { headers: bearer("answers:418") },
    { status: 418, code: 4403 },
  ],
  ["makes authenticate hang", { headers: bearer("hangs") }, TOO_LATE],
];

async function leaveWhileAsked(target: Target, random: () => number): Promise<void> {
  const peer = new RawPeer(target.port);
  const early = Buffer.concat([envelopeFrame("echo"), frame("{"), envelopeFrame("smuggled")]);
  const upgrading = peer.upgrade({ headers: bearer(`waits:${Math.floor(random() * 40)}`), head: early });
  await new Promise((resolve) => setTimeout(resolve, random() * 40));
  if (random() < 0.7) peer.reset();
  else peer.socket.destroy();
  await upgrading;
}

/** As many peers from `address` as are let in; fails when there are more than `most`. */
async function crowd(target: Target, addresses: readonly string[], most: number): Promise<RawPeer[]> {
  const peers: RawPeer[] = [];
  for (const address of addresses) {
    const headers = [...bearer("is:ann"), `X-Forwarded-For: ${address}`];
    const peer = new RawPeer(target.port);
    const { status } = await peer.upgrade({ headers });
    const isIn = status === 101 && (await isLetIn(peer));
    if (isIn) peers.push(peer);
    else peer.reset();
    if (!isIn && target.subject.admission === "ours") expect([429, 503]).toContain(status);
  }
  expect(peers.length).toBe(most);
  return peers;
}

async function isLetIn(peer: RawPeer): Promise<boolean> {
  return peer.ask("whoami").then(
    () => true,
    () => false,
  );
}

const times = (count: number, text: (index: number) => string) => Array.from({ length: count }, (_, i) => text(i));

const TOGETHER = "sends events together with an upgrade that is authenticated slowly, and has each handled once";

/** All of them. */
export const entrances: readonly Attack[] = [
  ...refusals.map(
    ([what, options, refusal]): Attack => ({
      threats: ["B1", "B2"],
      what,
      async run(target) {
        const { connected } = (await target.report()).lifecycle;
        await expectRefused(target, options, refusal);
        expect((await target.report()).lifecycle.connected).toBe(connected);
      },
    }),
  ),
  {
    threats: ["B2"],
    what: `leaves in the middle of authenticate, 300 times, in the worst moments`,
    async run(target) {
      const random = randomFrom(7);
      // No more at once than have a place.
      for (let round = 0; round < 50; round++) {
        await Promise.all(times(6, String).map(() => leaveWhileAsked(target, random)));
      }
    },
  },
  {
    threats: ["B2", "E5"],
    what: TOGETHER,
    async run(target) {
      const head = Buffer.concat(times(100, String).map((index) => envelopeFrame("echo", index)));
      if (losesEarly(target.subject.name)) return expectLost(target, head, bearer("waits:50"));
      const peer = new RawPeer(target.port);
      const { status } = await peer.upgrade({ headers: bearer("waits:50"), head });
      const expected = differenceOf(target.subject.name, TOGETHER)?.code ?? 101;
      expect(status).toBe(expected);
      if (expected !== 101) return peer.reset();
      for (let index = 0; index < 100; index++) expect((await peer.envelope()).payload).toBe(String(index));
      expect(await peer.ask("whoami")).toMatchObject({ principal: "late", ready: true });
      peer.reset();
    },
  },
  {
    threats: ["B4"],
    what: "looks for its token in what the server answers",
    async run(target) {
      const peer = new RawPeer(target.port);
      const token = Buffer.from(`is:ann${TOKEN_MARK}`).toString("base64url");
      const { status, headers } = await peer.upgrade(subprotocol(token));
      expect(status).toBe(101);
      expect(headers).toMatch(/^sec-websocket-protocol: zap\.v1\r?$/im);
      expect(headers).not.toMatch(new RegExp(`${token}|${TOKEN_MARK}`));
      expect(await peer.ask("whoami")).toMatchObject({ principal: "ann" });
      peer.reset();
    },
  },
  {
    threats: ["B5"],
    what: "stays beyond its token's time: it is offered a new one and closed when there comes none",
    async run(target) {
      const { peer, id } = await identified(target, "is:ann:1000");
      peer.write(HELLO_FRAME);
      const { code, before } = await peer.ending();
      const names = before.map(({ payload }) => JSON.parse(String(payload)).eventName);
      expect(names).toEqual(["zap:welcome", "zap:auth"]);
      expect(code).toBe(4401);
      peer.reset();
      expect(await target.endingOf(id)).toMatchObject({ code: 4401 });
    },
  },
  {
    threats: ["B5"],
    what: "renews its token in time, as itself and no other",
    async run(target) {
      const { peer } = await identified(target, "is:ann:1000");
      peer.write(envelopeFrame("zap:auth", { token: `is:ann${TOKEN_MARK}` }));
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      expect(await peer.ask("whoami")).toMatchObject({ principal: "ann" });
      peer.write(envelopeFrame("zap:auth", { token: `is:admin${TOKEN_MARK}` }));
      expect((await peer.closed()).code).toBe(4403);
      peer.reset();
    },
  },
  {
    threats: ["B5"],
    what: "sends two tokens at once, or one that is none",
    async run(target) {
      const { peer } = await identified(target, "is:ann");
      const slow = envelopeFrame("zap:auth", { token: `waits:100${TOKEN_MARK}` });
      peer.write(Buffer.concat([slow, slow]));
      expect((await peer.closed()).code).toBe(4429);
      for (const payload of [null, {}, { token: 7 }, { token: "" }, { token: "x".repeat(8_193) }, { token: "who" }]) {
        const { peer: another } = await identified(target, "is:ann");
        another.write(envelopeFrame("zap:auth", payload));
        expect((await another.closed()).code).toBe(4401);
        another.reset();
      }
      peer.reset();
    },
  },
  {
    threats: ["B5"],
    what: "is revoked, wherever it is connected, and by nobody who may not",
    async run(target) {
      const anns = await Promise.all(times(3, String).map(() => identified(target, "is:ann")));
      const { peer: bob } = await identified(target, "is:bob");
      const { peer: admin } = await identified(target, "is:admin");
      expect(await bob.ask("admin:revoke", "ann")).toMatchObject({ code: "forbidden" });
      expect(await admin.ask("admin:revoke", "ann")).toBe(3);
      for (const { peer } of anns) expect((await peer.closed()).code).toBe(4401);
      expect(await bob.ask("whoami")).toMatchObject({ principal: "bob" });
      for (const peer of [bob, admin, ...anns.map((one) => one.peer)]) peer.reset();
    },
  },
  {
    threats: ["F2"],
    what: `opens more than ${PER_ADDRESS} connections from one address`,
    async run(target) {
      const same = times(PER_ADDRESS + 4, () => "198.51.100.7");
      const peers = await crowd(target, same, PER_ADDRESS);
      // A place that was left is free again.
      for (const peer of peers.splice(0, 3)) peer.reset();
      await expect.poll(async () => (await target.report()).connections).toBe(PER_ADDRESS - 3 + 1);
      peers.push(...(await crowd(target, same.slice(0, 5), 3)));
      for (const peer of peers) peer.reset();
    },
  },
  {
    threats: ["F2"],
    what: "opens connections from all over one /64 of IPv6",
    async run(target) {
      const peers = await crowd(
        target,
        times(PER_ADDRESS + 4, (index) => `2001:db8:1:2::${index + 1}`),
        PER_ADDRESS,
      );
      for (const peer of peers) peer.reset();
    },
  },
  {
    threats: ["F2"],
    what: "claims to come from elsewhere, in front of what the proxy says",
    async run(target) {
      const claims = times(PER_ADDRESS + 4, (index) => `10.0.0.${index}, ${index}.example, 198.51.100.9`);
      for (const peer of await crowd(target, claims, PER_ADDRESS)) peer.reset();
    },
  },
  {
    threats: ["F2"],
    what: `opens more than ${CONNECTIONS} connections in all`,
    async run(target) {
      // One is the innocent client's.
      const peers = await crowd(
        target,
        times(CONNECTIONS + 6, (index) => `192.0.2.${index}`),
        CONNECTIONS - 1,
      );
      for (const peer of peers) peer.reset();
    },
  },
  {
    threats: ["B1", "B2", "F2"],
    what: "takes places with requests that authenticate never answers: they are free again when its time is up",
    async run(target) {
      const started = performance.now();
      const hang = () => expectRefused(target, { headers: bearer("hangs") }, TOO_LATE);
      await Promise.all(times(PER_ADDRESS, String).map(hang));
      expect(performance.now() - started).toBeGreaterThan(AUTHENTICATION_MS * 0.9);
      for (const peer of await crowd(
        target,
        times(PER_ADDRESS, () => "127.0.0.1"),
        PER_ADDRESS,
      ))
        peer.reset();
    },
  },
];

async function identified(target: Target, token: string): Promise<{ readonly peer: RawPeer; readonly id: string }> {
  const peer = await target.open({ headers: bearer(token) });
  const { id } = (await peer.ask("whoami")) as { id: string };
  return { peer, id };
}
