import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { NodeRequest } from "./node-request.ts";

const request = (headers: Readonly<Record<string, string | readonly string[]>>, url?: string) =>
  new NodeRequest({ url, headers, socket: new PassThrough() });

it("hands out the url as it was asked for, or the root", () => {
  expect(request({}, "/ws?room=1#x").url).toBe("/ws?room=1#x");
  expect(request({}).url).toBe("/");
});

it("finds headers whatever their case, and joins those that came several times", () => {
  const { headers } = request({ "x-trace": "t", "set-cookie": ["a", "b"] });
  expect(headers.get("X-Trace")).toBe("t");
  expect(headers.get("Set-Cookie")).toBe("a, b");
});

it.each(["__proto__", "constructor", "toString", "hasOwnProperty", "x-none"])("has no header %s", (name) => {
  expect(request({}).headers.get(name)).toBeNull();
});

it("knows no address where the socket tells none", () => {
  expect(request({}).address).toBeUndefined();
});
