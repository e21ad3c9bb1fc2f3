// The counter of examples/ in a real browser: the page of each framework, and the one without a bundler.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createCounterRegister } from "../../examples/counter/register.ts";
import { buildPage } from "../../scripts/build-page.mjs";
import { buildScriptTag } from "../../scripts/build-script-tag.mjs";
import { ROOT } from "../architecture/source-files.ts";
import { CHROMIUM, launchChromium, needsChromium } from "../support/chromium.ts";
import { type PageServer, servePages } from "../support/page-server.ts";
import { FRAMEWORKS } from "./bindings-pages.ts";

const EXAMPLES: readonly string[] = [...FRAMEWORKS, "script-tag"];

let browser: Browser;
let folder: string;
let server: PageServer;
let complaints: string[];

beforeEach(needsChromium);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "zaptools-examples-"));
  if (CHROMIUM === undefined) return;
  for (const example of EXAMPLES) await build(example);
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

async function open(): Promise<Page> {
  const page = await browser.newPage();
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (entry) => {
    if (entry.type() === "error") complaints.push(entry.text());
  });
  await page.goto(server.url);
  return page;
}

const add = (page: Page) => page.getByRole("button", { name: "Add one" }).click();
const value = (page: Page, text: string) => page.locator("output", { hasText: new RegExp(`^${text}$`) }).waitFor();

async function build(example: string): Promise<void> {
  const built = join(folder, example);
  const source = `${ROOT}examples/${example}`;
  if (example === "script-tag") {
    mkdirSync(built);
    cpSync(`${source}/index.html`, `${built}/index.html`);
    await buildScriptTag(`${ROOT}src/client/index.ts`, `${built}/zaptools.min.js`);
  } else {
    const entry = [`${source}/main.tsx`, `${source}/main.ts`].find(existsSync) ?? "";
    const html = `${ROOT}examples/counter/index.html`;
    await buildPage({ framework: example, entry, html, folder: built, from: "sources" });
  }
}

async function serve(example: string): Promise<void> {
  server = await servePages(join(folder, example), createCounterRegister());
  complaints = [];
}

async function stop(): Promise<void> {
  expect(complaints).toEqual([]);
  for (const context of browser.contexts()) await context.close();
  await server.close();
}

describe("the counter", () => {
  afterEach(stop);

  it.each([
    ...FRAMEWORKS,
    "script-tag",
  ])("shows everybody the same number, and whoever comes later too: %s", async (example) => {
    await serve(example);
    const [one, two] = await Promise.all([open(), open()]);
    await Promise.all([value(one, "0"), value(two, "0")]);
    await add(one);
    await Promise.all([value(one, "1"), value(two, "1")]);
    await add(two);
    await Promise.all([value(one, "2"), value(two, "2")]);
    await value(await open(), "2");
  });

  it.each(FRAMEWORKS)("resets by a request, and shows its answer or why it failed: %s", async (framework) => {
    await serve(framework);
    const page = await open();
    const reset = page.getByRole("button", { name: "Reset" });
    await value(page, "0");
    await reset.click();
    await page.getByText("It is zero already.").waitFor();
    await add(page);
    await value(page, "1");
    await reset.click();
    await page.getByText("It was 1.").waitFor();
    await value(page, "0");
    await page.getByText("Connection: open").waitFor();
  });
});

describe("the script for pages without a bundler", () => {
  it("makes one global, and leaves nothing else behind", async () => {
    const script = readFileSync(join(folder, "script-tag/zaptools.min.js"), "utf8");
    const page = await browser.newPage();
    const before = await page.evaluate(() => Object.getOwnPropertyNames(globalThis));
    await page.addScriptTag({ content: script });
    const after = await page.evaluate(() => Object.getOwnPropertyNames(globalThis));
    expect(after.filter((name) => !before.includes(name))).toEqual(["zaptools"]);
    const exported = await page.evaluate(() => Object.keys((globalThis as { zaptools?: object }).zaptools ?? {}));
    expect(exported).toEqual(expect.arrayContaining(["ZapClient", "ZapError"]));
    await page.close();
  });

  it("is what the guide shows", () => {
    const guide = readFileSync(`${ROOT}docs/guide-client.md`, "utf8");
    const page = readFileSync(`${ROOT}examples/script-tag/index.html`, "utf8");
    const [, snippet] = /^```html\n(.*?)^```/ms.exec(guide) ?? [];
    const lines = (text: string) =>
      text
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "");
    expect(snippet).toBeDefined();
    expect(lines(page)).toEqual(expect.arrayContaining(lines(snippet ?? "")));
  });
});
