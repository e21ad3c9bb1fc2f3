// A token in the list of subprotocols: as base64url, and only when there is one.
import fc from "fast-check";
import { expect, test } from "vitest";
import { offer } from "./subprotocols.ts";

test("without a token nothing is offered", () => {
  expect(offer(undefined)).toBeUndefined();
});

test("the token follows the protocol, as base64url without padding", () => {
  expect(offer("secret")).toEqual(["zap.v1", "zap.bearer.c2VjcmV0"]);
  expect(offer("")).toEqual(["zap.v1", "zap.bearer."]);
});

test("any text comes back as it was, in characters a header may hold", () => {
  const property = fc.property(fc.string({ unit: "binary", maxLength: 50 }), (token) => {
    const [, bearer = ""] = offer(token) ?? [];
    expect(bearer).toMatch(/^zap\.bearer\.[A-Za-z0-9_-]*$/);
    expect(Buffer.from(bearer.slice("zap.bearer.".length), "base64url").toString()).toBe(token);
  });
  fc.assert(property);
});
