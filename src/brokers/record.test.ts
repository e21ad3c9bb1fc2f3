// Records: what is written is read again, and nothing else is taken for one.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RecordContent, readRecord, writeRecord } from "./record.ts";

const text = fc.string({ unit: "binary", minLength: 1, maxLength: 40 });
const texts = fc.array(text, { maxLength: 4 });
const patience = { volatile: fc.boolean(), coalesce: fc.option(text, { nil: undefined }) };
const delivery = { exclude: texts, excludeIds: texts, ...patience };
const content: fc.Arbitrary<RecordContent> = fc.oneof(
  fc.record({ kind: fc.constant("room" as const), rooms: fc.array(text, { minLength: 1, maxLength: 4 }), ...delivery }),
  fc.record({ kind: fc.constant("all" as const), ...delivery }),
  fc.record({ kind: fc.constant("to" as const), id: text, ...patience }),
  fc.record({ kind: fc.constant("revoke" as const), id: text }),
  fc.record({ kind: fc.constant("ask" as const), ask: fc.nat(), question: text }),
  fc.record({
    kind: fc.constant("answer" as const),
    re: fc.nat(),
    failed: fc.boolean(),
    part: fc.nat({ max: 3 }),
    parts: fc.constant(4),
  }),
  fc.record({
    kind: fc.constant("node" as const),
    state: fc.constantFrom("new" as const, "here" as const, "bye" as const),
  }),
);

describe("a record", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(content, fc.string({ unit: "binary" }), fc.option(fc.nat(), { nil: undefined }), (one, body, seq) => {
        const written = writeRecord({ node: "n-1", seq, at: undefined }, one, body);
        expect(readRecord(written)).toEqual({ node: "n-1", seq, at: undefined, content: one, body });
      }),
      { numRuns: 2_000 },
    );
  });

  it("leaves out what is usual, so that most are short", () => {
    const room = {
      kind: "room",
      rooms: ["lobby"],
      exclude: [],
      excludeIds: [],
      volatile: false,
      coalesce: undefined,
    } as const;
    expect(writeRecord({ node: "n-1", seq: 7, at: undefined }, room, "{}")).toBe(
      '{"v":1,"node":"n-1","seq":7,"kind":"room","rooms":["lobby"]}\n{}',
    );
  });

  it("is nothing that is not one, and reading never throws", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.json().map((json) => `${json}\n`),
        ),
        (garbage) => {
          expect(readRecord(garbage)).toBeTypeOf("string");
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("is refused when it is larger than anything that is written", () => {
    expect(readRecord(" ".repeat(1_048_577))).toBe("too large");
    const head = '{"v":1,"node":"n","kind":"all"}';
    expect(readRecord(`${head}\n${" ".repeat(1_048_576)}`)).toMatchObject({ node: "n" });
    expect(readRecord(`${head}\n${" ".repeat(1_048_577)}`)).toBe("too large");
  });

  it("of another version is none of ours, whatever else it says", () => {
    expect(readRecord('{"v":2,"node":"n","kind":"all"}\n{}')).toBe("another version");
  });
});
