// Declaring contracts: what is refused, and what is read from them.
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { definitionsOf, isRequestDefinition, isTypeOnly, type } from "./contract.ts";
import { defineEvents } from "./define-events.ts";
import { ZapError } from "./errors.ts";

const define = (contract: object): string => {
  try {
    defineEvents(contract);
  } catch (error) {
    return error instanceof ZapError ? error.code : `not coded: ${error}`;
  }
  return "taken";
};

const request = { request: v.string(), reply: v.number() };

describe("a contract", () => {
  test("is what was declared, unchanged", () => {
    const declared = { clientToServer: { say: v.string(), ask: request }, serverToClient: { said: type<string>() } };
    expect(defineEvents(declared)).toBe(declared);
  });

  test("may leave out either direction, or both", () => {
    expect(define({})).toBe("taken");
    expect(define({ clientToServer: { say: v.string() } })).toBe("taken");
    expect(define({ serverToClient: { said: v.string() } })).toBe("taken");
  });

  test.each(["connected", "disconnected", "error", "zap:hello", "zap:"])("has no %s from clients", (name) => {
    expect(define({ clientToServer: { [name]: v.string() } })).toBe("invalid_argument");
    expect(define({ clientToServer: { [name]: request } })).toBe("invalid_argument");
  });

  test("has lifecycle names from servers as events, but not as requests, and nothing of the toolkit's", () => {
    for (const name of ["connected", "disconnected", "error"]) {
      expect(define({ serverToClient: { [name]: v.string() } })).toBe("taken");
      expect(define({ serverToClient: { [name]: request } })).toBe("invalid_argument");
    }
    expect(define({ serverToClient: { "zap:said": v.string() } })).toBe("invalid_argument");
  });

  test.each(["", "a\u0000", "n".repeat(129)])("has no name that no frame could carry: %j", (name) => {
    expect(define({ clientToServer: { [name]: v.string() } })).toBe("invalid_event_name");
    expect(define({ serverToClient: { [name]: v.string() } })).toBe("invalid_event_name");
  });

  test.each([
    [{}],
    [undefined],
    [null],
    ["string"],
    [[]],
    [() => true],
    [{ request: v.string() }],
    [{ reply: v.string() }],
    [{ request: {}, reply: v.string() }],
    [{ ...request, errors: { full: {} } }],
  ])("has no event without a schema, which would go unchecked: %j", (definition) => {
    expect(define({ clientToServer: { say: definition } })).toBe("invalid_argument");
    expect(define({ serverToClient: { said: definition } })).toBe("invalid_argument");
  });

  test("takes schemas that are functions, as some validators have them", () => {
    const schema = Object.assign(() => true, { "~standard": v.string()["~standard"] });
    expect(
      define({ clientToServer: { say: schema, ask: { request: schema, reply: schema, errors: { full: schema } } } }),
    ).toBe("taken");
  });
});

test("definitions are found by their own name and by no other", () => {
  const definitions = definitionsOf({ say: v.string(), ["__proto__"]: v.number() });
  expect([...definitions.keys()]).toEqual(["say", "__proto__"]);
  for (const name of ["constructor", "toString", "hasOwnProperty"]) expect(definitions.get(name)).toBeUndefined();
  expect(definitionsOf(undefined).size).toBe(0);
});

test("a request is told from an event", () => {
  expect(isRequestDefinition(request)).toBe(true);
  expect(isRequestDefinition(v.string())).toBe(false);
  expect(isRequestDefinition(type<string>())).toBe(false);
});

test("a type is a schema that lets everything pass", () => {
  expect(isTypeOnly(type<string>())).toBe(true);
  expect(isTypeOnly(v.string())).toBe(false);
  expect(type<string>()["~standard"].validate(7)).toEqual({ value: 7 });
});
