// Tabs that share one connection, and lose the one that leads in the ways that only Chromium lets a test bring about: it
// crashes, is frozen, and goes into the back-forward cache. Driven by a test, Firefox keeps no such page.
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CHROMIUM, needsChromium } from "../support/chromium.ts";
import { type EverydayChromium, launchEverydayChromium } from "../support/everyday-chromium.ts";
import type { LifePage } from "./life/life-page.ts";
import { SharedTabs } from "./life/shared-tabs.ts";

let tabs: SharedTabs;

beforeEach(async () => {
  tabs = await SharedTabs.begin();
});
afterEach(() => tabs.end());

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
    const [one, two, three] = await tabs.openThree(() => browser.context.newPage());
    tabs.server.proxy.stall();
    tabs.server.proxy.cut();
    await tabs.server.until(() => tabs.server.open === 0);
    for (const page of [two, three])
      await page.page.evaluate(() => life.until(() => life.client.getSnapshot().status !== "open"), undefined);
    await two.say("a", "b", "c");
    await three.say("d", "e", "f");
    await crash(one);
    tabs.server.proxy.flow();
    await tabs.server.until(() => tabs.server.said.length === 6);
    tabs.expectOnce("a", "b", "c");
    tabs.expectOnce("d", "e", "f");
    await tabs.checkWell(two, three);
  });

  it("tells of each event whether it was sent, when the leading page crashes while events are on their way", async () => {
    const [one, two, three] = await tabs.openThree(() => browser.context.newPage());
    const texts = Array.from({ length: 300 }, (_, index) => `${index}`);
    const crashing = crash(one);
    for (const text of texts) await two.say(text);
    await crashing;
    await two.settled(...texts);
    await tabs.checkWell(two, three);
    const { outcomes, errors } = await two.told();
    const arrived = tabs.server.said.filter((text) => texts.includes(text));
    expect(arrived).toEqual(texts.filter((text) => arrived.includes(text)));
    const lost = texts.filter((text) => !arrived.includes(text));
    console.log(`${arrived.length} arrived, ${lost.length} did not`);
    for (const text of lost) expect(outcomes[text]).toBe("disconnected");
    for (const text of arrived) expect(["sent", "queued", "disconnected"]).toContain(outcomes[text]);
    expect(errors).toHaveLength(texts.filter((text) => outcomes[text] === "disconnected").length);
  });

  it("goes on with another page when the browser freezes the leading one, which follows when it is thawed", async () => {
    const [one, two, three] = await tabs.openThree(() => browser.context.newPage());
    const session = await browser.context.newCDPSession(one.page);
    await session.send("Page.setWebLifecycleState", { state: "frozen" });
    await two.say("meanwhile");
    await tabs.server.until(() => tabs.server.said.includes("meanwhile"));
    await tabs.checkWell(two, three);
    await session.send("Page.setWebLifecycleState", { state: "active" });
    await one.page.bringToFront();
    await one.status("open");
    await tabs.checkWell(one, two, three);
    const { told, role } = await one.told();
    expect(told).toEqual(expect.arrayContaining(["freeze", "resume"]));
    expect(role).toBe("follower");
    tabs.expectOnce("meanwhile");
  });

  it("goes on with another page when the leading one is left, and takes it back out of the back-forward cache", async () => {
    const [one, two, three] = await tabs.openThree(() => browser.context.newPage());
    await one.page.goto(`${tabs.server.url}/elsewhere.html`);
    await tabs.server.until(() => tabs.server.opened === 2);
    await tabs.checkWell(two, three);
    await one.goBack();
    // The others have led for long: it comes back as one that follows.
    await tabs.server.until(() => tabs.server.said.includes("one is back"));
    await tabs.checkWell(one, two, three);
    const { told, role } = await one.told();
    expect(told.filter((type) => type.startsWith("page"))).toEqual(["pagehide", "pageshow"]);
    expect(role).toBe("follower");
  });
});
