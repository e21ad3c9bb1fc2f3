// Tabs that share one connection, in a real browser: pages come, go, crash and freeze, and the server is shared by all.
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CHROMIUM, needsChromium } from "../support/chromium.ts";
import { type EverydayChromium, launchEverydayChromium } from "../support/everyday-chromium.ts";
import { BROWSERS, type LifeBrowser } from "./life/browsers.ts";
import { type BrowserPage, type LifeOptions, LifePage } from "./life/life-page.ts";
import { LifeServer, lifePageFiles } from "./life/life-server.ts";

const QUICK = { heartbeatMs: 400, heartbeatTimeoutMs: 1_000 };

const files = lifePageFiles();
let server: LifeServer;
let pages: BrowserPage[];
let rounds = 0;

beforeEach(async () => {
  pages = [];
  server = await LifeServer.start(files, { heartbeatMs: 400 });
});

afterEach(async () => {
  for (const page of pages) if (!page.isClosed()) await page.close();
  await server.stop();
});

async function open<P extends BrowserPage>(
  page: P,
  name: string,
  sharing: LifeOptions["sharing"] = "all",
): Promise<LifePage<P>> {
  pages.push(page);
  return LifePage.open(page, server.url, { name, sharing, limits: QUICK });
}

/** Three pages, of which the first one leads. */
async function openThree<P extends BrowserPage>(
  newPage: () => Promise<P>,
): Promise<readonly [LifePage<P>, LifePage<P>, LifePage<P>]> {
  const one = await open(await newPage(), "one");
  const three = [one, await open(await newPage(), "two"), await open(await newPage(), "three")] as const;
  expect(await rolesOf(...three)).toEqual(["leader", "follower", "follower"]);
  return three;
}

async function rolesOf(...some: readonly LifePage[]): Promise<string[]> {
  return Promise.all(some.map(async (page) => (await page.told()).role));
}

/** One connection; every page has each event once, and its own answers. */
async function checkWell(...some: readonly LifePage[]): Promise<void> {
  await server.until(() => server.open === 1);
  for (const page of some) await page.status("open");
  expect((await rolesOf(...some)).filter((role) => role === "leader")).toHaveLength(1);
  const tick = server.tick();
  rounds++;
  for (const [index, page] of some.entries()) {
    const [said, asked] = [`well ${rounds}.${index}`, `how ${rounds}.${index}`];
    await page.ticked(tick);
    // Once this is answered the page knows who leads, of whom it may have heard later than the server has.
    await page.ask("ask", asked);
    await page.settled(asked);
    await page.say(said);
    await page.settled(said);
    const { outcomes, ticks } = await page.told();
    expect(outcomes).toMatchObject({ [said]: "sent", [asked]: `answer to ${asked}` });
    expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b));
    // A page knows that it was sent before the server has it.
    await server.until(() => server.said.includes(said));
    expectOnce(said);
  }
  expect(server.open).toBe(1);
}

/** These have arrived once each, in this order, whatever came between them. */
function expectOnce(...texts: readonly string[]): void {
  expect(server.said.filter((text) => texts.includes(text))).toEqual(texts);
}

describe.each(BROWSERS)("$name", ({ launch, needs }) => {
  let browser: LifeBrowser;
  const newPage = () => browser.newPage();

  beforeEach(needs);

  beforeAll(async () => {
    const launched = await launch();
    if (launched === undefined) return;
    browser = launched;
    console.log(browser.version);
  });

  afterAll(() => browser?.close());

  it("has one connection for three pages; each gets every event and its own answers", async () => {
    const three = await openThree(newPage);
    await checkWell(...three);
    expect(server.opened).toBe(1);
  });

  it("has the page that leads answer what the server asks", async () => {
    await openThree(newPage);
    const [connection] = server.register.connections.all();
    expect(await connection?.request("who", null)).toBe("one");
  });

  it("goes on with another page when the leading one is closed, and loses nothing of what was on its way", async () => {
    const [one, two, three] = await openThree(newPage);
    await two.ask("slow", "under way");
    await server.until(() => server.asked.length === 1);
    const texts = Array.from({ length: 100 }, (_, index) => `${index}`);
    // Some leave by the page that is closing, some are on their way to it, some wait for the next one.
    const closing = one.page.close();
    for (const text of texts) await two.say(text);
    await closing;
    await server.until(() => server.said.length === texts.length);
    expectOnce(...texts);
    await two.settled("under way", ...texts);
    const { outcomes, errors } = await two.told();
    expect(outcomes["under way"]).toBe("disconnected");
    for (const text of texts) expect(["sent", "queued"]).toContain(outcomes[text]);
    expect(errors).toEqual([]);
    expect(server.asked).toEqual(["under way"]);
    server.gate.open();
    await checkWell(two, three);
    expect(server.opened).toBe(2);
  });

  it("goes on with another page when the leading one stands still without a word, which follows when it is back", async () => {
    const [one, two, three] = await openThree(newPage);
    await one.block(6_000);
    await two.say("before");
    await server.until(() => server.opened === 2);
    await two.say("after");
    await two.settled("before", "after");
    await server.until(() => server.said.includes("after"));
    await checkWell(one, two, three);
    expect((await rolesOf(one))[0]).toBe("follower");
    const { outcomes } = await two.told();
    // Nobody can know of the first; but it is sent once at most, and never after a later one.
    expect(["sent", "disconnected"]).toContain(outcomes.before);
    const arrived = server.said.filter((text) => ["before", "after"].includes(text));
    expect([["before", "after"], ["after"]]).toContainEqual(arrived);
  });

  it("leaves the others their connection when the user closes the client of the page that leads", async () => {
    const [one, two, three] = await openThree(newPage);
    await one.page.evaluate(() => life.client.close(), undefined);
    await one.status("closed");
    await checkWell(two, three);
    expect((await one.told()).closes.at(-1)).toEqual({ code: 1000, reason: "" });
  });

  it("stays closed in all pages when the server closes for good", async () => {
    const three = await openThree(newPage);
    const [connection] = server.register.connections.all();
    await connection?.close(1000, "enough");
    for (const page of three) {
      await page.status("closed");
      expect((await page.told()).closes.at(-1)).toEqual({ code: 1000, reason: "enough" });
    }
    expect(server.opened).toBe(1);
  });

  it("is not disturbed by what other scripts of the origin post on its channel", async () => {
    const three = await openThree(newPage);
    await three[2].page.evaluate(
      (url) => {
        const channel = new BroadcastChannel(`zaptools:1:${url}`);
        const notes = [null, 7, "lead", [], {}, { kind: "lead" }, { kind: "frame", from: "x", to: "", text: "junk" }];
        const strange = {
          from: "x",
          to: "",
          session: 1,
          taken: 9,
          term: 1,
          open: true,
          code: 1000,
          reason: "",
          text: "{",
        };
        for (const note of notes) channel.postMessage(note);
        for (const kind of ["taken", "end", "joined", "hand", "leave", "frame"])
          channel.postMessage({ ...strange, kind });
        channel.close();
      },
      `ws://${new URL(server.url).host}/ws`,
    );
    await checkWell(...three);
    expect(server.opened).toBe(1);
    for (const page of three) expect((await page.told()).errors).toEqual([]);
  });

  it("gives each page a connection of its own where the browser has no locks", async () => {
    const one = await open(await newPage(), "one", "no locks");
    const two = await open(await newPage(), "two", "no locks");
    expect(await rolesOf(one, two)).toEqual(["alone", "alone"]);
    expect(server.open).toBe(2);
  });
});

// What only this one lets a test do, and going back: driven by a test, Firefox keeps no such page.
describe("Chromium, whose life is in the hands of the test,", () => {
  let browser: EverydayChromium;

  beforeEach(needsChromium);

  beforeAll(async () => {
    if (CHROMIUM !== undefined) browser = await launchEverydayChromium();
  });

  afterAll(() => browser?.close());

  async function crash({ page }: LifePage<Page>): Promise<void> {
    const crashed = page.waitForEvent("crash");
    page.goto("chrome://crash").catch(() => {});
    await crashed;
  }

  it("keeps what waits in each page when the leading one crashes without a network, and sends it once there is one", async () => {
    const [one, two, three] = await openThree(() => browser.context.newPage());
    server.proxy.stall();
    server.proxy.cut();
    await server.until(() => server.open === 0);
    for (const page of [two, three])
      await page.page.evaluate(() => life.until(() => life.client.getSnapshot().status !== "open"), undefined);
    await two.say("a", "b", "c");
    await three.say("d", "e", "f");
    await crash(one);
    server.proxy.flow();
    await server.until(() => server.said.length === 6);
    expectOnce("a", "b", "c");
    expectOnce("d", "e", "f");
    await checkWell(two, three);
  });

  it("tells of each event whether it was sent, when the leading page crashes while events are on their way", async () => {
    const [one, two, three] = await openThree(() => browser.context.newPage());
    const texts = Array.from({ length: 300 }, (_, index) => `${index}`);
    const crashing = crash(one);
    for (const text of texts) await two.say(text);
    await crashing;
    await two.settled(...texts);
    await checkWell(two, three);
    const { outcomes, errors } = await two.told();
    const arrived = server.said.filter((text) => texts.includes(text));
    expect(arrived).toEqual(texts.filter((text) => arrived.includes(text)));
    const lost = texts.filter((text) => !arrived.includes(text));
    console.log(`${arrived.length} arrived, ${lost.length} did not`);
    for (const text of lost) expect(outcomes[text]).toBe("disconnected");
    for (const text of arrived) expect(["sent", "queued", "disconnected"]).toContain(outcomes[text]);
    expect(errors).toHaveLength(texts.filter((text) => outcomes[text] === "disconnected").length);
  });

  it("goes on with another page when the browser freezes the leading one, which follows when it is thawed", async () => {
    const [one, two, three] = await openThree(() => browser.context.newPage());
    const session = await browser.context.newCDPSession(one.page);
    await session.send("Page.setWebLifecycleState", { state: "frozen" });
    await two.say("meanwhile");
    await server.until(() => server.said.includes("meanwhile"));
    await checkWell(two, three);
    await session.send("Page.setWebLifecycleState", { state: "active" });
    await one.page.bringToFront();
    await one.status("open");
    await checkWell(one, two, three);
    const { told, role } = await one.told();
    expect(told).toEqual(expect.arrayContaining(["freeze", "resume"]));
    expect(role).toBe("follower");
    expectOnce("meanwhile");
  });

  it("goes on with another page when the leading one is left, and takes it back out of the back-forward cache", async () => {
    const [one, two, three] = await openThree(() => browser.context.newPage());
    await one.page.goto(`${server.url}/elsewhere.html`);
    await server.until(() => server.opened === 2);
    await checkWell(two, three);
    await one.goBack();
    // The others have led for long: it comes back as one that follows.
    await server.until(() => server.said.includes("one is back"));
    await checkWell(one, two, three);
    const { told, role } = await one.told();
    expect(told.filter((type) => type.startsWith("page"))).toEqual(["pagehide", "pageshow"]);
    expect(role).toBe("follower");
  });
});
