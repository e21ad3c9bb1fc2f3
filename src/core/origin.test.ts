import { describe, expect, it } from "vitest";
import { isOriginAllowed } from "./origin.ts";

const question = { origin: "https://example.com", host: "example.com", secure: false, allowed: [] as string[] };

describe("the own origin", () => {
  it.each<[string, string, boolean]>([
    ["https://example.com", "example.com", false],
    ["http://example.com", "example.com", false],
    ["http://example.com:8000", "example.com:8000", false],
    ["https://example.com", "example.com:443", true],
    ["http://EXAMPLE.com", "example.COM", false],
    ["http://[::1]:3000", "[::1]:3000", false],
    ["http://127.0.0.1:3000", "127.0.0.1:3000", false],
  ])("%s may connect to %s (encrypted: %s)", (origin, host, secure) => {
    expect(isOriginAllowed({ ...question, origin, host, secure })).toBe(true);
  });

  it.each<[string, string, boolean]>([
    ["http://example.com", "example.com", true],
    ["https://example.com:8443", "example.com", false],
    ["http://example.com:8001", "example.com:8000", false],
    ["https://example.com.evil.net", "example.com", false],
    ["https://evilexample.com", "example.com", false],
    ["https://sub.example.com", "example.com", false],
    ["ftp://example.com", "example.com", false],
    ["ws://example.com", "example.com", false],
    ["file://example.com", "example.com", false],
  ])("%s may not connect to %s (encrypted: %s)", (origin, host, secure) => {
    expect(isOriginAllowed({ ...question, origin, host, secure })).toBe(false);
  });
});

describe("the list", () => {
  it("allows what stands in it, letter for letter", () => {
    const allowed = ["https://app.example.net"];
    expect(isOriginAllowed({ ...question, origin: "https://app.example.net", allowed })).toBe(true);
    expect(isOriginAllowed({ ...question, origin: "https://app.example.net.evil.net", allowed })).toBe(false);
    expect(isOriginAllowed({ ...question, origin: "http://app.example.net", allowed })).toBe(false);
    expect(isOriginAllowed({ ...question, origin: "https://app.example.net:444", allowed })).toBe(false);
  });

  it("allows the opaque origin only when it stands in it", () => {
    expect(isOriginAllowed({ ...question, origin: "null" })).toBe(false);
    expect(isOriginAllowed({ ...question, origin: "null", allowed: ["null"] })).toBe(true);
  });

  it("allows all with a star", () => {
    expect(isOriginAllowed({ ...question, origin: "https://anyone.net", allowed: ["*"] })).toBe(true);
  });
});

describe("no origin", () => {
  it("is no browser, and may connect", () => {
    expect(isOriginAllowed({ ...question, origin: null, host: null })).toBe(true);
  });
});

describe("nonsense", () => {
  it.each([
    "",
    " ",
    "example.com",
    "https://",
    "https://[",
    "//example.com",
    "https://example.com/",
    "https://example.com/path",
    "https://user@example.com",
    "https://example.com, https://example.com",
    "https://exämple.com",
    `https://example.com:99999`,
    `https://${"a".repeat(8_192)}.com`,
    "https://example.com\u0000",
    "javascript:alert(1)",
  ])("as origin %j is refused without a throw", (origin) => {
    expect(isOriginAllowed({ ...question, origin })).toBe(false);
  });

  it.each([
    null,
    "",
    "[",
    "exa mple.com",
    "example.com/path",
    "user@example.com",
    "//",
    "a".repeat(8_192),
    "example.com:x",
  ])("as host %j is refused without a throw", (host) => {
    expect(isOriginAllowed({ ...question, host })).toBe(false);
  });
});
