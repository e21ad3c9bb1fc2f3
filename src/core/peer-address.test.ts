import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressKey, TrustedProxies } from "./peer-address.ts";

/** A request from an address, with or without `X-Forwarded-For`. */
function from(address: string | undefined, forwarded: string | null) {
  return { url: "/ws", address, headers: { get: (name: string) => (name === "x-forwarded-for" ? forwarded : null) } };
}

describe("the address of a peer", () => {
  const proxies = new TrustedProxies(["10.0.0.0/8", "fd00::/8", "192.0.2.1"]);

  it.each([
    ["203.0.113.7", null, "203.0.113.7", "nothing was forwarded"],
    ["203.0.113.7", "198.51.100.1", "203.0.113.7", "the sender is no trusted proxy"],
    ["10.1.2.3", "198.51.100.1", "198.51.100.1", "one proxy"],
    ["::ffff:10.1.2.3", "198.51.100.1", "198.51.100.1", "one proxy, on a socket of IPv6"],
    ["10.1.2.3", "6.6.6.6, 198.51.100.1, 10.9.9.9, fd00::5", "198.51.100.1", "three proxies, and a forged entry"],
    ["10.1.2.3", "6.6.6.6, junk, 10.9.9.9", "10.9.9.9", "nothing is believed beyond what is no address"],
    ["10.1.2.3", "[2001:db8::7]:443", "2001:db8::7", "with a port, in brackets"],
    ["10.1.2.3", "198.51.100.1:5000", "198.51.100.1", "with a port"],
    ["10.1.2.3", "", "10.1.2.3", "an empty header"],
    ["192.0.2.1", "10.0.0.1", "10.0.0.1", "all are proxies: the outermost"],
    ["192.0.2.2", "198.51.100.1", "192.0.2.2", "a listed address is that one only"],
    [undefined, "198.51.100.1", undefined, "the runtime does not tell"],
  ])("of a socket from %s with %j forwarded is %s: %s", (address, forwarded, peer, _why) => {
    expect(proxies.peerOf(from(address, forwarded))).toBe(peer);
  });

  it("is the other end of the socket where no proxy is trusted", () => {
    expect(new TrustedProxies([]).peerOf(from("127.0.0.1", "198.51.100.1"))).toBe("127.0.0.1");
  });

  it.each([
    "",
    "10",
    "10.0.0.256",
    "10.0.0.0/33",
    "10.0.0.0/",
    "10.0.0.0/8/8",
    "::/129",
    "::g",
    "010.0.0.1",
    "]@a",
    "localhost",
  ])("cannot be trusted to %j, which is refused when it is listed", (listed) => {
    expect(() => new TrustedProxies([listed])).toThrow(expect.objectContaining({ code: "invalid_argument" }));
  });

  it("is never one that the header's sender made up, whatever it wrote before a proxy's own entry", () => {
    fc.assert(
      fc.property(fc.string(), fc.ipV4(), (forged, real) => {
        const trusted = new TrustedProxies(["127.0.0.1"]);
        fc.pre(real !== "127.0.0.1");
        expect(trusted.peerOf(from("127.0.0.1", `${forged}, ${real}`))).toBe(real);
      }),
    );
  });
});

describe("one peer", () => {
  it.each([
    ["203.0.113.7", "::ffff:203.0.113.7"],
    ["2001:db8:1:2::1", "2001:0DB8:1:2:ffff::9"],
    ["fe80::1%eth0", "fe80::2"],
  ])("has the addresses %s and %s", (one, other) => {
    expect(addressKey(one)).toBe(addressKey(other));
  });

  it.each([
    ["203.0.113.7", "203.0.113.8"],
    ["2001:db8:1:2::1", "2001:db8:1:3::1"],
    ["::1", "0.0.0.1"],
    ["a pipe", "another"],
  ])("has not both of %s and %s", (one, other) => {
    expect(addressKey(one)).not.toBe(addressKey(other));
  });
});
