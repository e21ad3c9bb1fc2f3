import { expect, it } from "vitest";
import { newConnectionId } from "./ids.ts";

it("makes ids of the family's form, never the same twice", () => {
  const ids = Array.from({ length: 1_000 }, newConnectionId);
  expect(new Set(ids).size).toBe(1_000);
  for (const id of ids) expect(id).toMatch(/^zpt-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
