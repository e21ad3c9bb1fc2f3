// Tabs that share one connection, in real browsers: pages come and go, and the server is shared by all.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { BROWSERS, type LifeBrowser } from "./life/browsers.ts";
import type { LifePage } from "./life/life-page.ts";
import { rolesOf, SharedTabs } from "./life/shared-tabs.ts";

let tabs: SharedTabs;

beforeEach(async () => {
  tabs = await SharedTabs.begin();
});
afterEach(() => tabs.end());

/** Has a page take note when the one that leads says how far it came. */
async function noteGoodbyes({ page }: LifePage): Promise<void> {
  await page.evaluate((name) => {
    new BroadcastChannel(name).onmessage = ({ data }) => {
      if (data.kind === "end") life.told.push("goodbye");
    };
  }, tabs.channelName);
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
    const three = await tabs.openThree(newPage);
    await tabs.checkWell(...three);
    expect(tabs.server.opened).toBe(1);
  });

  it("has the page that leads answer what the server asks", async () => {
    await tabs.openThree(newPage);
    const [connection] = tabs.server.register.connections.all();
    expect(await connection?.request("who", null)).toBe("one");
  });

  it("goes on with another page when the leading one is closed, and loses nothing of what was on its way", async () => {
    const texts = Array.from({ length: 100 }, (_, index) => `${index}`);
    const isSaid = (text: string) => tabs.server.said.includes(text);
    for (let attempt = 0; attempt < 5; attempt++) {
      const [one, two, three] = await tabs.openThree(newPage);
      await noteGoodbyes(three);
      await two.ask("slow", "under way");
      await tabs.server.until(() => tabs.server.asked.length === 1);
      // Some leave by the page that is closing, some are on their way to it, some wait for the next one.
      const closing = one.page.close();
      for (const text of texts) await two.say(text);
      await closing;
      await two.settled("under way", ...texts);
      tabs.server.gate.open();
      await tabs.checkWell(two, three);
      const { outcomes, errors } = await two.told();
      expect(outcomes["under way"]).toBe("disconnected");
      tabs.expectOnce(...texts.filter(isSaid));
      expect(tabs.server.asked.filter((text) => text === "under way")).toHaveLength(1);
      expect(tabs.server.opened).toBe(2);
      // A browser without time for the page takes it away in the middle: to the others it has crashed then.
      const saidGoodbye = (await three.told()).told.includes("goodbye");
      const lost = texts.filter((text) => !isSaid(text));
      // What the page had handed to its socket can go with it; all else is told to be lost, or sent by the next one.
      for (const text of lost) expect(saidGoodbye ? ["sent"] : ["sent", "disconnected"]).toContain(outcomes[text]);
      if (saidGoodbye && lost.length === 0) {
        for (const text of texts) expect(["sent", "queued"]).toContain(outcomes[text]);
        return expect(errors).toEqual([]);
      }
      await tabs.end();
      tabs = await SharedTabs.begin();
    }
    expect.unreachable("no page could say goodbye, or what it had sent was lost each time");
  });

  it("goes on with another page when the leading one stands still without a word, which follows when it is back", async () => {
    const [one, two, three] = await tabs.openThree(newPage);
    await one.block(6_000);
    await two.say("before");
    await tabs.server.until(() => tabs.server.opened === 2);
    await two.say("after");
    await two.settled("before", "after");
    await tabs.server.until(() => tabs.server.said.includes("after"));
    await tabs.checkWell(one, two, three);
    expect((await rolesOf(one))[0]).toBe("follower");
    const { outcomes } = await two.told();
    // Nobody can know of the first; but it is sent once at most, and never after a later one.
    expect(["sent", "disconnected"]).toContain(outcomes.before);
    const arrived = tabs.server.said.filter((text) => ["before", "after"].includes(text));
    expect([["before", "after"], ["after"]]).toContainEqual(arrived);
  });

  it("leaves the others their connection when the user closes the client of the page that leads", async () => {
    const [one, two, three] = await tabs.openThree(newPage);
    await one.page.evaluate(() => life.client.close(), undefined);
    await one.status("closed");
    await tabs.checkWell(two, three);
    expect((await one.told()).closes.at(-1)).toEqual({ code: 1000, reason: "" });
  });

  it("stays closed in all pages when the server closes for good", async () => {
    const three = await tabs.openThree(newPage);
    const [connection] = tabs.server.register.connections.all();
    await connection?.close(1000, "enough");
    for (const page of three) {
      await page.status("closed");
      expect((await page.told()).closes.at(-1)).toEqual({ code: 1000, reason: "enough" });
    }
    expect(tabs.server.opened).toBe(1);
  });

  it("is not disturbed by what other scripts of the origin post on its channel", async () => {
    const three = await tabs.openThree(newPage);
    await three[2].page.evaluate((name) => {
      const channel = new BroadcastChannel(name);
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
    }, tabs.channelName);
    await tabs.checkWell(...three);
    expect(tabs.server.opened).toBe(1);
    for (const page of three) expect((await page.told()).errors).toEqual([]);
  });

  it("gives each page a connection of its own where the browser has no locks", async () => {
    const one = await tabs.open(await newPage(), "one", "no locks");
    const two = await tabs.open(await newPage(), "two", "no locks");
    expect(await rolesOf(one, two)).toEqual(["alone", "alone"]);
    expect(tabs.server.open).toBe(2);
  });
});
