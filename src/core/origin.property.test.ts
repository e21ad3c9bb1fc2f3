// Random origins and hosts, held against a judge that compares whole origins and nothing else.
import fc from "fast-check";
import { expect, it } from "vitest";
import { isOriginAllowed } from "./origin.ts";

/** The origins of a server that is reached at `host`, as browsers would write them (RFC 6454, section 6.2). */
function originsOf(host: string, secure: boolean): string[] {
  if (!/^(\[[\da-f:.]+\]|[\w.-]+)(:\d+)?$/i.test(host)) return [];
  const schemes = secure ? ["https"] : ["http", "https"];
  const urls = schemes.map((scheme) => `${scheme}://${host}`).filter((url) => URL.canParse(url));
  return urls.map((url) => new URL(url).origin);
}

const label = fc.stringMatching(/^[a-z0-9]{1,6}$/);
const name = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join("."));
const port = fc.constantFrom("", ":80", ":443", ":8000", ":65535", ":0", ":65536", ":");
const host = fc.oneof(
  fc.tuple(name, port).map((parts) => parts.join("")),
  fc.tuple(fc.ipV4(), port).map((parts) => parts.join("")),
  fc.tuple(fc.ipV6(), port).map(([address, given]) => `[${address}]${given}`),
  fc.string({ unit: "binary", maxLength: 12 }),
);
const scheme = fc.constantFrom("http", "https", "HTTPS", "ws", "wss", "ftp", "file", "javascript", "");

/** An origin that has something to do with `near`, or is anything at all. */
const originNear = (near: string) =>
  fc.oneof(
    // Of these some are allowed, and of the others hardly any.
    { weight: 6, arbitrary: fc.tuple(scheme, fc.constant(near)).map(([given, target]) => `${given}://${target}`) },
    fc.tuple(scheme, label, fc.constant(near)).map(([given, prefix, target]) => `${given}://${prefix}${target}`),
    fc.tuple(scheme, label, fc.constant(near)).map(([given, prefix, target]) => `${given}://${prefix}.${target}`),
    fc.tuple(scheme, fc.constant(near), name).map(([given, target, suffix]) => `${given}://${target}.${suffix}`),
    fc.tuple(scheme, fc.constant(near), label).map(([given, target, user]) => `${given}://${target}@${user}`),
    fc.tuple(scheme, fc.constant(near), port).map(([given, target, other]) => `${given}://${target}${other}`),
    fc.tuple(scheme, fc.constant(near)).map(([given, target]) => `${given}://${target}/`),
    fc.constant("null"),
    fc.string({ unit: "binary", maxLength: 24 }),
  );

const question = host.chain((given) => fc.tuple(fc.constant(given), originNear(given), fc.boolean()));

it("an origin is the server's own exactly when scheme, host and port are, whatever either is made of", () => {
  let own = 0;
  fc.assert(
    fc.property(question, ([given, origin, secure]) => {
      const expected = originsOf(given, secure).includes(origin.toLowerCase());
      if (expected) own++;
      expect(isOriginAllowed({ origin, host: given, secure, allowed: [] })).toBe(expected);
    }),
    { numRuns: 20_000 },
  );
  // The judge says yes often enough to be one.
  expect(own).toBeGreaterThan(200);
});

it("a list allows what stands in it letter for letter, and nothing that only looks like it", () => {
  fc.assert(
    fc.property(
      fc.array(originNear("app.example.net"), { maxLength: 4 }),
      originNear("app.example.net"),
      (list, origin) => {
        const allowed = list.filter((one) => one !== "*");
        expect(isOriginAllowed({ origin, host: "elsewhere.example", secure: true, allowed })).toBe(
          allowed.includes(origin),
        );
      },
    ),
    { numRuns: 2_000 },
  );
});
