// Holds the page of the error codes against the catalogue: neither knows a code that the other does not.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ZapErrorCode } from "zaptools";
import { HEADER_DEPTH } from "../../src/protocol/headers.ts";
import { DEFAULT_LIMITS } from "../../src/protocol/limits.ts";
import { ROOM_NAME_LENGTH } from "../../src/rooms/admittance.ts";
import { ROOT, readSources } from "../architecture/source-files.ts";

const CATALOGUE = "src/protocol/errors.ts";

const page = readFileSync(`${ROOT}docs/errors.md`, "utf8");
const rows = [...page.matchAll(/^\| `([a-z_]+)` \| (.+) \| (.+) \|$/gm)].map(
  ([, code = "", meaning = "", remedy = ""]) => ({ code, meaning: meaning.trim(), remedy: remedy.trim() }),
);
const listed = rows.map(({ code }) => code);

// The union exists for the compiler only, so it is read from the source.
const [, union = ""] =
  /export type ZapErrorCode =\n([\s\S]*?);/.exec(readFileSync(`${ROOT}${CATALOGUE}`, "utf8")) ?? [];
const known = [...union.matchAll(/^ {2}\| "([a-z_]+)"$/gm)].map(([, code = ""]) => code);

describe("the error codes", () => {
  it("are read from the catalogue, all of them", () => {
    const some: readonly ZapErrorCode[] = ["already_plugged", "upgrade_in_use"];
    expect(known).toEqual(expect.arrayContaining([...some]));
    expect(known).toHaveLength(union.trim().split("\n").length);
  });

  it("are all explained, each once, and no others", () => {
    expect(new Set(listed).size).toBe(listed.length);
    expect([...listed].sort()).toEqual([...known].sort());
  });

  it.each(rows)("say what they mean and what to do: $code", ({ meaning, remedy }) => {
    expect(meaning).not.toBe("");
    expect(remedy).not.toBe("");
  });

  it("are each raised somewhere in the sources", () => {
    const sources = readSources("src", (path) => path.endsWith(".ts") && !path.endsWith(".test.ts"));
    const code = sources.map(({ path, text }) => (path === CATALOGUE ? text.replace(union, "") : text)).join("\n");
    const unraised = known.filter((name) => !code.includes(`"${name}"`));
    expect(unraised, "Remove these from the catalogue, or raise them").toEqual([]);
  });

  it("come with the numbers of the code", () => {
    const shown = (value: number): string => value.toLocaleString("en");
    const { nameLength, headerKeys, headerBytes } = DEFAULT_LIMITS;
    expect(page).toContain(`1 to ${nameLength} characters without control characters`);
    expect(page).toContain(`${headerKeys} keys, ${shown(headerBytes)} bytes, ${HEADER_DEPTH} levels`);
    expect(page).toContain(`1 to ${ROOM_NAME_LENGTH} characters`);
  });
});
