// The client's short way to say which names it may not send, held to the protocol's.
import fc from "fast-check";
import { expect, test } from "vitest";
import { isReservedName } from "../protocol/names.ts";
import { RESERVED } from "./outgoing.ts";

const parts = fc.constantFrom("zap", ":", "connected", "dis", "error", "\n", " ", "a", "ZAP", "");

test("the same names are reserved here and there", () => {
  const property = fc.property(
    fc.oneof(
      fc.string(),
      fc.array(parts).map((all) => all.join("")),
    ),
    (name) => {
      expect(RESERVED.test(name)).toBe(isReservedName(name));
    },
  );
  fc.assert(property, { numRuns: 5_000 });
});
