// Pages of all frameworks rendered on a server: nothing connects there, and browsers take over what was rendered.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CHROMIUM, launchChromium, needsChromium } from "../support/chromium.ts";
import { BuiltPages, FRAMEWORKS, pageWith } from "./bindings-pages.ts";
import { ProbePage } from "./probe-page.ts";
import { ProbeServer } from "./probe-server.ts";

/** Node before 22 has its WebSocket behind a flag; without one, a page could not connect if it wanted to. */
const WITH_WEBSOCKET = typeof globalThis.WebSocket === "undefined" ? ["--experimental-websocket"] : [];

/** Solid wants other code in browsers for what a server has rendered; the page of the tests has none. */
const HYDRATED = FRAMEWORKS.filter((framework) => framework !== "solid");

const pages = new BuiltPages();
let browser: Browser | undefined;

beforeAll(async () => {
  if (CHROMIUM !== undefined) browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  pages.remove();
});

/** Renders the page in a process of its own, which has to end by itself. */
async function rendered(framework: string, url: string): Promise<string> {
  const module = await pages.serverPage(framework);
  const script = `Promise.resolve(require(${JSON.stringify(module)}).render(${JSON.stringify(url)})).then(console.log)`;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [...WITH_WEBSOCKET, "-e", script]);
  expect(stderr.replace(/^\(node.*\n/gm, "")).toBe("");
  return stdout.trim();
}

/** The text of one part of a page. */
function textOf(id: string, html: string): string | undefined {
  const [, content] = new RegExp(`id="${id}"[^>]*>(.*?)</p>`).exec(html) ?? [];
  return content?.replace(/<.*?>/g, "").trim();
}

describe.each(FRAMEWORKS)("%s", (framework) => {
  it("renders on a server the state of a client that has done nothing, and connects nowhere", async () => {
    const server = await ProbeServer.start("");
    const html = await rendered(framework, server.url.replace("http", "ws"));
    await server.stop();
    expect(textOf("status", html)).toMatch(/^\d+ idle$/);
    expect(textOf("slow-state", html)).toBe("idle");
    expect(server.changes).toEqual([]);
  });
});

describe.each(HYDRATED)("%s in the browser", (framework) => {
  // Where it matters that the state was another on the server: React compares all it rendered.
  const places = framework === "react" ? ["/", "/#connected"] : ["/"];

  beforeEach(needsChromium);

  it.each(places)("takes over what the server rendered without a complaint, and connects once: %s", async (place) => {
    const folder = await pages.page(framework);
    let html = "";
    const server = await ProbeServer.start(async (name) =>
      name === "index.html" ? html : readFile(join(folder, name)),
    );
    html = pageWith(await rendered(framework, server.url.replace("http", "ws")));
    if (browser === undefined) throw new Error("There is no browser.");
    const page = await ProbePage.open(browser, server.url + place);
    await page.status("open");
    server.register.connections.broadcast("tick", 4);
    await page.shows("ticks", "4");
    expect(page.complaints).toEqual([]);
    expect(server.changes).toEqual(["connected"]);
    await page.close();
    await server.stop();
  });
});
