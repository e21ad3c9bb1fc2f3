// Who is let in: the order of the questions, and what becomes of those who are not. Without sockets.
import { describe, expect, it, vi } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { MemoryLog } from "../../test/support/memory-log.ts";
import type { Untyped } from "../protocol/contract-types.ts";
import { EventRegister } from "../rooms/event-register.ts";
import type { AdmissionRequest } from "./admission.ts";
import { Admitted, Rejected } from "./admission-verdict.ts";
import type { Authenticate } from "./authentication.ts";
import type { DefaultState } from "./context.ts";
import type { RegisterOptions } from "./register-base.ts";

const bearer = (token: string) => `zap.v1, zap.bearer.${Buffer.from(token).toString("base64url")}`;

function requestOf(headers: Record<string, string> = {}, rest: Partial<AdmissionRequest> = {}): AdmissionRequest {
  const given = new Headers(headers);
  return { url: "/ws", address: "192.0.2.1", secure: false, headers: { get: (name) => given.get(name) }, ...rest };
}

function setUp(options: RegisterOptions<Untyped, DefaultState> = {}) {
  const log = new MemoryLog();
  const clock = new ManualClock();
  const register = new EventRegister(undefined, { logger: log, clock, ...options });
  const admit = (headers?: Record<string, string>, rest?: Partial<AdmissionRequest>) =>
    register.admit(requestOf(headers, rest));
  return { log, clock, register, admit };
}

const admittedOf = async (admission: unknown): Promise<Admitted> => {
  const settled = await admission;
  if (!(settled instanceof Admitted)) throw new Error(`not admitted: ${(settled as Rejected).reason}`);
  return settled;
};

describe("admission without authenticate", () => {
  it("is decided at once", () => {
    expect(setUp().admit()).toBeInstanceOf(Admitted);
  });

  it("asks for the origin first: who may not come takes nobody's place", () => {
    const { admit, register } = setUp({ limits: { connections: 1 } });
    expect(admit({ origin: "https://evil.example", host: "here" })).toMatchObject({ status: 403, closeCode: 4403 });
    expect(admit()).toBeInstanceOf(Admitted);
    expect([...register.stats().rejected]).toEqual([["origin", 1]]);
  });

  it("selects zap.v1 where it is offered", () => {
    const { admit } = setUp();
    expect(admit({ "sec-websocket-protocol": "x, zap.v1" })).toMatchObject({ protocol: "zap.v1" });
    expect(admit({ "sec-websocket-protocol": "x" })).toMatchObject({ protocol: undefined });
    expect(admit()).toMatchObject({ protocol: undefined });
  });

  it("hides tokens from whoever sees the handshake", async () => {
    const { handshake } = await admittedOf(setUp().admit({ "sec-websocket-protocol": bearer("secret") }));
    expect(handshake.headers.get("Sec-WebSocket-Protocol")).toBe("zap.v1");
  });
});

describe("the number of connections", () => {
  it("is limited in all: 503 for one too many, until one has gone", async () => {
    const { admit } = setUp({ limits: { connections: 2 } });
    const first = await admittedOf(admit());
    await admittedOf(admit());
    expect(admit()).toMatchObject({ status: 503, closeCode: 1013, reason: "connection_limit" });
    first.abandon();
    first.abandon();
    await admittedOf(admit());
    expect(admit()).toBeInstanceOf(Rejected);
  });

  it("is limited for each address: 429 for one too many, and the others may come", async () => {
    const { admit } = setUp({ limits: { connectionsPerAddress: 1 } });
    const first = await admittedOf(admit({}, { address: "2001:db8::1" }));
    expect(admit({}, { address: "2001:db8::2" })).toMatchObject({ status: 429, reason: "address_limit" });
    await admittedOf(admit({}, { address: "2001:db8:0:1::1" }));
    first.abandon();
    await admittedOf(admit({}, { address: "2001:db8::2" }));
  });

  it("counts by the address that a trusted proxy tells, and by no other's word", async () => {
    const { admit } = setUp({ limits: { connectionsPerAddress: 1 }, trustedProxies: ["10.0.0.0/8"] });
    const proxied = { address: "10.0.0.1" };
    const first = await admittedOf(admit({ "x-forwarded-for": "203.0.113.1" }, proxied));
    expect(first.handshake.address).toBe("203.0.113.1");
    await admittedOf(admit({ "x-forwarded-for": "203.0.113.2" }, proxied));
    expect(admit({ "x-forwarded-for": "198.51.100.9, 203.0.113.2" }, proxied)).toBeInstanceOf(Rejected);
    await admittedOf(admit({ "x-forwarded-for": "203.0.113.7" }));
    expect(admit({ "x-forwarded-for": "203.0.113.8" })).toBeInstanceOf(Rejected);
  });
});

describe("authenticate", () => {
  it("gets the token of the subprotocols, the request, and no token in its headers", async () => {
    const authenticate = vi.fn<Authenticate>(() => ({ id: "ann" }));
    const { admit } = setUp({ authenticate });
    const headers = { "sec-websocket-protocol": bearer("gr\u00fc\u00dfe"), cookie: "a=b" };
    const admitted = await admittedOf(admit(headers, { url: "/ws?room=a" }));
    expect(admitted.principal).toEqual({ id: "ann" });
    const [request] = authenticate.mock.calls[0] ?? [];
    expect(request).toMatchObject({
      token: "gr\u00fc\u00dfe",
      url: "/ws?room=a",
      address: "192.0.2.1",
      principal: undefined,
    });
    expect(request?.headers.get("cookie")).toBe("a=b");
    expect(request?.headers.get("sec-websocket-protocol")).toBe("zap.v1");
  });

  it.each([
    ["Authorization: Bearer", { authorization: "Bearer abc.def" }, "abc.def"],
    ["another scheme", { authorization: "Basic abc" }, undefined],
    ["a bearer that is no base64url", { "sec-websocket-protocol": "zap.v1, zap.bearer.a+b" }, undefined],
    ["a bearer that is no UTF-8", { "sec-websocket-protocol": "zap.v1, zap.bearer._w" }, undefined],
    ["a bearer that is empty", { "sec-websocket-protocol": "zap.v1, zap.bearer." }, undefined],
    ["a bearer that is too long", { "sec-websocket-protocol": bearer("x".repeat(8_193)) }, undefined],
    [
      "a bearer that is as long as it may be",
      { "sec-websocket-protocol": bearer("x".repeat(8_192)) },
      "x".repeat(8_192),
    ],
    ["nothing", {}, undefined],
  ])("gets the token of %s", async (_what, headers: Record<string, string>, token) => {
    const authenticate = vi.fn<Authenticate>(() => ({ id: "ann" }));
    await setUp({ authenticate }).admit(headers);
    expect(authenticate.mock.calls[0]?.[0].token).toBe(token);
  });

  it.each([[undefined], [null], [false] as const])("refuses with 401 by returning %s", async (nobody) => {
    const { admit, log } = setUp({ authenticate: () => nobody });
    expect(await admit()).toMatchObject({ status: 401, closeCode: 4401, reason: "unauthenticated" });
    expect(log.lines).toEqual([]);
  });

  it("refuses with a response of the application's own", async () => {
    const response = () =>
      new Response("come later", {
        status: 402,
        headers: { "content-type": "text/plain", "x-price": "5", connection: "keep-alive" },
      });
    const rejected = await setUp({ authenticate: response }).admit();
    expect(rejected).toMatchObject({ status: 402, body: "come later", closeCode: 4403 });
    expect(Object.fromEntries((rejected as Rejected).headers)).toEqual({
      "content-type": "text/plain",
      "x-price": "5",
    });
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("key is hunter2");
      },
    ],
    ["rejects", () => Promise.reject(new Error("key is hunter2"))],
    ["returns what is no principal", () => ({ name: "ann" }) as never],
    ["returns an empty id", () => ({ id: "" })],
    ["returns no moment", () => ({ id: "ann", expiresAt: Number.NaN })],
  ])("refuses with 401 and no detail when it %s; the log has one line", async (_what, authenticate: Authenticate) => {
    const { admit, log } = setUp({ authenticate });
    const rejected = await admit();
    expect(rejected).toMatchObject({ status: 401, reason: "authentication_failed", body: "Authentication failed." });
    expect(log.lines).toHaveLength(1);
  });

  it("refuses all the same when the logger throws", async () => {
    const broken = () => {
      throw new Error("the disk is full");
    };
    const authenticate = () => Promise.reject(new Error("no"));
    const { admit } = setUp({ authenticate, logger: { warn: broken, error: broken } });
    expect(await admit()).toMatchObject({ status: 401 });
  });

  it("refuses whom it names with an expiry that is over", async () => {
    const { admit } = setUp({ authenticate: () => ({ id: "ann", expiresAt: new Date(Date.now() - 1) }) });
    expect(await admit()).toMatchObject({ status: 401 });
  });

  it("has authenticationMs, not a millisecond more: 503, and the place is free again", async () => {
    const signals: AbortSignal[] = [];
    const authenticate: Authenticate = ({ signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    };
    const { admit, clock } = setUp({ authenticate, limits: { connections: 1, authenticationMs: 100 } });
    const settled = vi.fn();
    Promise.resolve(admit()).then(settled);
    clock.advance(99);
    await Promise.resolve();
    expect(settled).not.toHaveBeenCalled();
    expect(admit()).toMatchObject({ reason: "connection_limit" });
    clock.advance(1);
    await vi.waitFor(() => expect(settled).toHaveBeenCalledOnce(), 20_000);
    expect(settled.mock.calls[0]?.[0]).toMatchObject({
      status: 503,
      reason: "authentication_timeout",
      closeCode: 4408,
    });
    expect(signals[0]?.aborted).toBe(true);
    expect(clock.timers).toBe(0);
    expect(admit()).toBeInstanceOf(Promise);
  });

  it("is told when the peer has gone; nothing is left of it, whatever it answers later", async () => {
    let answer: (principal: { id: string }) => void = () => {};
    const gone = new AbortController();
    const { admit, clock, log } = setUp({
      authenticate: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
      limits: { connections: 1 },
    });
    const admission = admit({}, { gone: gone.signal });
    gone.abort();
    expect(await admission).toMatchObject({ reason: "gone" });
    answer({ id: "late" });
    expect(clock.timers).toBe(0);
    expect(log.lines).toEqual([]);
    expect(admit()).toBeInstanceOf(Promise);
  });

  it("gets the framework's own request, which nobody keeps", async () => {
    const source = { session: { user: "ann" } };
    const authenticate = vi.fn<Authenticate>((request) => ({ id: (request.source as typeof source).session.user }));
    const { admit } = setUp({ authenticate });
    const { principal, handshake } = await admittedOf(admit({}, { source }));
    expect(principal).toEqual({ id: "ann" });
    expect(handshake.source).toBeUndefined();
  });

  it("is not asked about peers who may not come anyway", async () => {
    const authenticate = vi.fn<Authenticate>(() => ({ id: "ann" }));
    const { admit } = setUp({ authenticate, limits: { connections: 1 } });
    admit({ origin: "https://evil.example", host: "here" });
    await admit();
    await admit();
    expect(authenticate).toHaveBeenCalledOnce();
  });

  it("may let those without a token send it later, and no others", async () => {
    const authenticate: Authenticate = ({ token }) => (token === "good" ? { id: "ann" } : undefined);
    const { admit } = setUp({ authenticate, authenticateLater: true });
    expect((await admittedOf(admit())).principal).toBeUndefined();
    expect((await admittedOf(admit({ "sec-websocket-protocol": bearer("good") }))).principal).toEqual({ id: "ann" });
    expect(await admit({ "sec-websocket-protocol": bearer("bad") })).toMatchObject({ status: 401 });
  });

  it("is needed for authenticateLater", () => {
    expect(() => setUp({ authenticateLater: true })).toThrow(expect.objectContaining({ code: "invalid_argument" }));
  });
});
