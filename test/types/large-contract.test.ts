// What a large contract costs the compiler. Time is printed, for people; what is held is the work behind it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Compilers, prepareCompilers, VERSIONS } from "./compilers.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const EVENTS = 300;
const INSTANTIATIONS = 1_000_000;

let compilers: Compilers;

beforeAll(async () => {
  compilers = await prepareCompilers();
});

afterAll(() => compilers.remove());

test.each(
  VERSIONS,
)("TypeScript %s checks 300 + 300 zod events with 600 handlers with bounded work", async (version) => {
  const file = join(compilers.folder, `large-${version}.ts`);
  writeFileSync(file, largeApplication());
  const { errors, figures } = await compilers.compile(version, [file]);
  expect(errors).toBe("");
  const instantiations = figures.get("Instantiations") ?? Number.POSITIVE_INFINITY;
  const seconds = figures.get("Check time");
  console.log(
    `TypeScript ${version}: ${instantiations} instantiations, ${seconds} s to check, ${figures.get("Total time")} s in all`,
  );
  expect(instantiations).toBeLessThan(INSTANTIATIONS);
});

/** An application with a handler for each event, on either side, that sends and asks. */
function largeApplication(): string {
  const numbers = Array.from({ length: EVENTS }, (_, index) => index);
  const definition = (index: number) =>
    index % 3 === 0
      ? `{ request: ${schema(index)}, reply: z.object({ ok: z.boolean(), index: z.literal(${index}) }) }`
      : schema(index);
  return [
    'import { defineEvents, EventRegister } from "zaptools";',
    'import { ZapClient } from "zaptools/client";',
    'import { z } from "zod";',
    "const app = defineEvents({",
    `  clientToServer: {\n${numbers.map((index) => `    "in:${index}": ${definition(index)},`).join("\n")}\n  },`,
    `  serverToClient: {\n${numbers.map((index) => `    "out:${index}": ${definition(index)},`).join("\n")}\n  },`,
    "});",
    "const register = new EventRegister(app);",
    'const client = new ZapClient<typeof app>("ws://localhost/ws");',
    ...numbers.map((index) => handler("register", "in", "out", "connection", index)),
    ...numbers.map((index) => handler("client", "out", "in", "client", index)),
  ].join("\n");
}

function schema(index: number): string {
  return `z.object({ id: z.string(), field${index}: z.number(), tags: z.array(z.string()).optional() })`;
}

function handler(owner: string, from: string, to: string, sender: string, index: number): string {
  const payload = `{ id: payload.id, field${index}: payload.field${index} + 1 }`;
  const given = sender === "connection" ? "{ payload, connection }" : "{ payload }";
  const body =
    index % 3 === 0
      ? `const { ok } = await ${sender}.request("${to}:${index}", ${payload}); return { ok, index: ${index} as const };`
      : `await ${sender}.send("${to}:${index}", ${payload});`;
  return `${owner}.onEvent("${from}:${index}", async (${given}) => { ${body} });`;
}
