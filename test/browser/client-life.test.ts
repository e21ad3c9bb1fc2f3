// What a client lives through in a real browser: tabs in the background, no network, going back, a server that dies,
// a machine that sleeps. It notices and comes back, each handler runs once for each event, and nothing is lost silently.
import type { CDPSession } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CHROMIUM, needsChromium } from "../support/chromium.ts";
import { type EverydayChromium, launchEverydayChromium } from "../support/everyday-chromium.ts";
import { BROWSERS, type LifeBrowser } from "./life/browsers.ts";
import { type BrowserPage, LifePage } from "./life/life-page.ts";
import { buildLifeProgram } from "./life/life-program.ts";
import { LifeServer, lifePageFiles } from "./life/life-server.ts";

const QUICK = { heartbeatMs: 400, heartbeatTimeoutMs: 400 };

const files = lifePageFiles();
let server: LifeServer;
let pages: BrowserPage[];
let one: LifePage;

beforeEach(async () => {
  pages = [];
  server = await LifeServer.start(files, QUICK);
});

afterEach(async () => {
  for (const page of pages) await page.close();
  await server.stop();
});

async function open(page: BrowserPage, url = server.url): Promise<void> {
  pages.push(page);
  one = await LifePage.open(page, url, { limits: QUICK });
}

/** Another tab comes to the front. */
async function hideBehind(other: BrowserPage): Promise<void> {
  pages.push(other);
  await one.hidden();
}

/** All is well: one connection, each event handled once, what is said and asked arrives. */
async function checkWell(): Promise<void> {
  await one.status("open");
  await server.until(() => server.open === 1);
  await one.ticked(server.tick());
  await one.say("still here");
  await one.ask("ask", "well?");
  await one.settled("still here", "well?");
  const { ticks, outcomes, errors } = await one.told();
  expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b));
  expect(outcomes).toMatchObject({ "still here": "sent", "well?": "answer to well?" });
  expect(server.said.filter((text) => text === "still here")).toHaveLength(1);
  expect(errors).toEqual([]);
}

describe.each(BROWSERS)("$name", ({ launch, needs }) => {
  let browser: LifeBrowser;

  beforeEach(needs);

  beforeAll(async () => {
    const launched = await launch();
    if (launched === undefined) return;
    browser = launched;
    console.log(browser.version);
  });

  afterAll(() => browser?.close());

  it("stays connected in a hidden tab whose timers are throttled, past many heartbeats", async () => {
    await open(await browser.newPage());
    await hideBehind(await browser.newPage());
    const beats = await one.page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const began = Date.now();
          let fired = 0;
          const timer = setInterval(() => {
            fired++;
            if (Date.now() - began < 4_000) return;
            clearInterval(timer);
            resolve(fired);
          }, 10);
        }),
      undefined,
    );
    console.log(`a timer of 10 ms fired ${beats} times in 4 s`);
    expect(beats).toBeLessThan(40);
    expect((await one.told()).statuses).toEqual(["idle", "connecting", "open"]);
    expect(server.opened).toBe(1);
    await checkWell();
  });

  it("notices in a hidden tab that the network went dead, and comes back while it is still hidden", async () => {
    await open(await browser.newPage());
    await hideBehind(await browser.newPage());
    server.proxy.halfOpen();
    await server.until(() => server.opened === 2);
    await checkWell();
    expect((await one.told()).told).toEqual(["hidden"]);
  });

  it("outlives a server that is killed, and sends to the next one what was said meanwhile, in order", async () => {
    const program = buildLifeProgram();
    try {
      const first = await program.start();
      await open(await browser.newPage(), first.url);
      await one.ask("slow", "under way");
      await first.heard("slow under way");
      await first.kill();
      await one.settled("under way");
      await one.status("waiting");
      await one.say("a", "b", "c");
      const second = await program.start(first.port);
      await second.heard("say c");
      await one.ask("ask", "well?");
      await one.settled("well?");
      expect(second.lines).toEqual(["connected", "say a", "say b", "say c", "ask well?"]);
      const { outcomes, ticks, closes } = await one.told();
      expect(outcomes).toEqual({
        "under way": "disconnected",
        a: "queued",
        b: "queued",
        c: "queued",
        "well?": "answer to well?",
      });
      // Each server says one tick to each connection: every one was handled once.
      expect(ticks).toEqual([first.pid, second.pid]);
      expect(closes.at(-1)?.code).toBe(1006);
      await second.kill();
    } finally {
      program.remove();
    }
  });
});

// What only this one lets a test do, and going back: Firefox keeps no page that has a WebSocket.
describe("Chromium, whose network and life are in the hands of the test,", () => {
  let browser: EverydayChromium;
  let session: CDPSession;

  beforeEach(needsChromium);

  beforeAll(async () => {
    if (CHROMIUM !== undefined) browser = await launchEverydayChromium();
  });

  afterAll(() => browser?.close());

  async function start(): Promise<void> {
    const page = await browser.context.newPage();
    await open(page);
    session = await browser.context.newCDPSession(page);
  }

  async function lifecycle(state: "frozen" | "active"): Promise<void> {
    await session.send("Page.setWebLifecycleState", { state });
  }

  async function network(state: "offline" | "online"): Promise<void> {
    const throughput = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
    await session.send("Network.emulateNetworkConditions", { offline: state === "offline", ...throughput });
  }

  it("drops at once when the browser goes offline; what is said meanwhile arrives once it is back, in order", async () => {
    await start();
    await one.ask("slow", "under way");
    await server.until(() => server.asked.length === 1);
    await network("offline");
    await one.status("offline");
    await one.say("a", "b", "c");
    await one.settled("under way", "a", "b", "c");
    await network("online");
    await server.until(() => server.said.length === 3);
    expect(server.said).toEqual(["a", "b", "c"]);
    expect((await one.told()).outcomes).toEqual({ "under way": "disconnected", a: "queued", b: "queued", c: "queued" });
    server.gate.open();
    await checkWell();
  });

  it("notices after a sleep that the server has gone, and that its own time stood still", async () => {
    await start();
    await hideBehind(await browser.context.newPage());
    await lifecycle("frozen");
    server.proxy.cut();
    await server.until(() => server.open === 0);
    expect(server.opened).toBe(1);
    await lifecycle("active");
    await one.page.bringToFront();
    await checkWell();
    expect((await one.told()).told).toEqual(["hidden", "freeze", "resume", "visible"]);
  });

  it("notices after a sleep in which the network was lost without a word", async () => {
    await start();
    await hideBehind(await browser.context.newPage());
    await lifecycle("frozen");
    server.proxy.halfOpen();
    await server.until(() => server.open === 0);
    await lifecycle("active");
    await one.page.bringToFront();
    await server.until(() => server.opened === 2);
    await checkWell();
  });

  it("comes back with a page out of the back-forward cache, as the same client", async () => {
    await start();
    await one.page.goto(`${server.url}/elsewhere.html`);
    // This Chromium keeps the socket of a page in the cache open for the server, and ends it when the page comes back.
    const missed = server.tick();
    await one.goBack();
    await server.until(() => server.opened === 2);
    await checkWell();
    // The very page that was left, and it was told.
    const { told, closes, ticks } = await one.told();
    expect(told.filter((type) => type.startsWith("page"))).toEqual(["pagehide", "pageshow"]);
    expect(closes.at(-1)?.code).toBe(1006);
    expect(ticks).not.toContain(missed);
  });
});
