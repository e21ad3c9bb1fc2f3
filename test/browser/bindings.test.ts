// The bindings in a real browser, each with its framework, against a real server: the same rules for all four.
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CHROMIUM, launchChromium, needsChromium } from "../support/chromium.ts";
import { BuiltPages, FRAMEWORKS } from "./bindings-pages.ts";
import { ProbePage } from "./probe-page.ts";
import { ProbeServer } from "./probe-server.ts";

let browser: Browser;
let pages: BuiltPages;
let server: ProbeServer;
let page: ProbePage;

beforeEach(needsChromium);

beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  pages = new BuiltPages();
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  pages?.remove();
});

describe.each(FRAMEWORKS)("%s", (framework) => {
  let folder: string;

  beforeAll(async () => {
    folder = await pages?.page(framework);
  });

  beforeEach(async () => {
    server = await ProbeServer.start(folder);
    page = await ProbePage.open(browser, server.url);
    await page.status("open");
  });

  afterEach(async () => {
    expect(page.complaints).toEqual([]);
    await page.close();
    for (const gate of server.gates.values()) gate.open("too late");
    await server.stop();
  });

  it("connects once, and not once for each component", async () => {
    await page.press("say");
    await server.until(() => server.said.length > 0);
    expect(server.changes).toEqual(["connected"]);
  });

  it("shows how the connection is, through the loss of the server and its return", async () => {
    await server.stop();
    await page.status("waiting");
    await server.restart();
    await page.status("open");
  });

  it("has each event handled once, also after components were rendered again", async () => {
    server.register.connections.broadcast("tick", 1);
    await page.shows("ticks", "1");
    server.register.connections.broadcast("tick", 2);
    server.register.connections.broadcast("tick", 3);
    await page.shows("ticks", "1 2 3");
  });

  it("calls the handler with what it closes over now, not when it was registered", async () => {
    await page.press("factor");
    expect(await server.poll()).toBe("times 10");
    server.register.connections.broadcast("tick", 7);
    await page.shows("ticks", "70");
  });

  it("does not register a handler anew when its component is rendered again", async () => {
    await page.press("rival");
    await page.press("factor");
    // Of several handlers of a request, the one registered first answers.
    expect(await server.poll()).toBe("times 10");
  });

  it("sends, and shows what waits while there is no connection", async () => {
    await page.press("say");
    await server.until(() => server.said.length === 1);
    await server.stop();
    await page.status("waiting");
    await page.press("say");
    await page.press("say");
    await page.shows("queued", "2");
    await server.restart();
    await server.until(() => server.said.length === 3);
    await page.shows("queued", "0");
  });

  it("does not render what selects a part of the state when another part changes", async () => {
    await page.page.context().setOffline(true);
    await page.status("offline");
    const before = await page.rendered();
    await page.press("say");
    await page.shows("queued", "1");
    expect(await page.rendered()).toBe(before);
  });

  it("shows what came of a request: the answer, and a failure with its code beside the last answer", async () => {
    await page.shows("sum-state", "idle");
    await page.press("sum");
    await page.shows("sum-state", "answered 3");
    await page.press("sum-nothing");
    await page.shows("sum-state", "failed 3 nothing");
    await page.press("sum");
    await page.shows("sum-state", "answered 3");
  });

  it("shows the latest request only", async () => {
    await page.press("slow-first");
    await page.shows("slow-state", "pending");
    await page.press("slow-second");
    server.gates.get("first")?.open("the first");
    server.gates.get("second")?.open("the second");
    await page.shows("slow-state", "answered the second");
  });

  it("takes handlers out when their component goes, and puts them back when it returns", async () => {
    expect(await server.poll()).toBe("times 1");
    await page.press("panel");
    await page.part("ticks").waitFor({ state: "detached" });
    expect(await server.poll()).toBe("unknown_event");
    await page.press("panel");
    await page.part("ticks").waitFor({ state: "attached" });
    expect(await server.poll()).toBe("times 1");
    server.register.connections.broadcast("tick", 5);
    await page.shows("ticks", "5");
    expect(server.changes).toEqual(["connected"]);
  });

  it("cancels a request whose component goes, and lets its answer change nothing", async () => {
    await page.press("slow-first");
    await page.shows("slow-state", "pending");
    await page.press("panel");
    await page.page.locator("body[data-outcome=cancelled]").waitFor();
    server.gates.get("first")?.open("too late");
    await page.press("panel");
    await page.shows("slow-state", "idle");
    // An answer to something asked later has passed the late one by.
    await page.press("sum");
    await page.shows("sum-state", "answered 3");
    await page.shows("slow-state", "idle");
  });

  it("closes the connection when its provider goes, and opens one when it returns, as often as that happens", async () => {
    for (const round of [1, 2, 3]) {
      await page.press("provider");
      await server.until(() => server.changes.length === 2 * round);
      await page.press("provider");
      await page.status("open");
    }
    const round = ["connected", "disconnected"];
    expect(server.changes).toEqual([...round, ...round, ...round, "connected"]);
    expect(server.register.connections.size).toBe(1);
    expect(await server.poll()).toBe("times 1");
  });
});

describe("react with a client of the page", () => {
  it("leaves it open when its provider goes, for it was open before", async () => {
    const server = await ProbeServer.start(await pages.page("react"));
    const page = await ProbePage.open(browser, `${server.url}/#connected`);
    await page.status("open");
    await page.press("provider");
    await page.part("status").waitFor({ state: "detached" });
    expect(await server.poll()).toBe("unknown_event");
    await page.press("provider");
    await page.status("open");
    expect(await server.poll()).toBe("times 1");
    expect(server.changes).toEqual(["connected"]);
    expect(page.complaints).toEqual([]);
    await page.close();
    await server.stop();
  });
});
