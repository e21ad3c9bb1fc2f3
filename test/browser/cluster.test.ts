// The chat on four processes as people use it: real processes, a real Redis, the page in a real browser, and kills.
import { mkdirSync } from "node:fs";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { ROOT } from "../architecture/source-files.ts";
import { NO_REDIS } from "../brokers/servers.ts";
import { Peer } from "../contracts/peer.ts";
import { type ChatServer, startChat } from "../support/chat-server.ts";
import { CHROMIUM, launchChromium, needsChromium } from "../support/chromium.ts";
import { buildCluster } from "../support/cluster-server.ts";
import { notRun } from "../support/missing.ts";
import { ChatPage } from "./chat-page.ts";
import { ClusterStrip } from "./cluster-page.ts";
import { faintTexts, overflow } from "./legibility.ts";

const PICTURES = `${ROOT}test-results`;
// What is promised: nodes that have died are missed after 9 seconds at most, and are looked for each second.
const GONE_MS = 12_000;

let built: ReturnType<typeof buildCluster>;
let server: ChatServer;
let browser: Browser;
const pages: ChatPage[] = [];

beforeEach(needsChromium);
beforeEach((context) => {
  if (NO_REDIS !== undefined) notRun(context, "the chat on several processes", NO_REDIS);
});

beforeAll(async () => {
  if (CHROMIUM === undefined || NO_REDIS !== undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  built = buildCluster("browser");
  [server, browser] = await Promise.all([startChat(built.server), launchChromium()]);
});

afterEach(async () => {
  for (const page of pages.splice(0)) {
    expect(page.errors.join("\n")).toBe("");
    await page.close();
  }
});

afterAll(async () => {
  if (CHROMIUM === undefined || NO_REDIS !== undefined) return;
  await browser.close();
  expect(await server.stop()).toBe(0);
  built.remove();
});

async function enter(name: string, room: string, options?: BrowserContextOptions) {
  const chat = await ChatPage.open(browser, server.url, options);
  pages.push(chat);
  await chat.join(name, room);
  return { chat, strip: new ClusterStrip(chat.page), names: chat.members.locator("bdi") };
}

/** Opens one after the other, each on another process: with every process up, each has the fewest at its turn. */
async function allUp(): Promise<void> {
  const chat = await ChatPage.open(browser, server.url);
  const strip = new ClusterStrip(chat.page);
  for (const number of [1, 2, 3, 4]) await strip.state(number, "alive");
  await chat.close();
}

it("lets people chat across processes, and go on when the process of one is killed", { timeout: 120_000 }, async () => {
  await allUp();
  const ada = await enter("Ada", "kill");
  const bob = await enter("Bob", "kill");
  const [adasHome, bobsHome] = [await ada.strip.home(), await bob.strip.home()];
  expect(bobsHome).not.toBe(adasHome);
  await ada.chat.sees("Bob came in");
  await ada.chat.say("Hello over there");
  await bob.chat.sees("Hello over there");
  await bob.chat.say("Hello from another process");
  await ada.chat.sees("Hello from another process");

  // Two more take the other processes; the next is at the first again, and one more is where Bob is, to stay away.
  const others = [await enter("Eve", "kill"), await enter("Fay", "kill"), await enter("Gil", "kill")];
  expect(await others[2]?.strip.home()).toBe(adasHome);
  const cleo = await Peer.open(server.ws);
  cleo.send("chat:join", { name: "Cleo", room: "kill" });
  expect(await cleo.ask("chat:node", null)).toMatchObject({ node: expect.stringMatching(`^process-${bobsHome}-`) });
  await ada.chat.sees("Cleo came in");
  expect(await ada.names.allTextContents()).toEqual(["Ada", "Bob", "Eve", "Fay", "Gil", "Cleo"]);

  await ada.strip.kill(bobsHome);
  const killedAt = performance.now();
  await ada.strip.state(bobsHome, "ended");
  expect((await cleo.closed).code).toBe(1006);
  await bob.chat.sees("You are back");
  expect(await bob.strip.home()).not.toBe(bobsHome);
  await ada.chat.say("Are you still there?");
  await bob.chat.sees("Are you still there?");
  await bob.chat.say("On another process now");
  await ada.chat.sees("On another process now");

  // Bob has moved and never left; Cleo leaves as soon as the others have missed the process.
  await ada.chat.sees("Cleo left");
  console.log(`Cleo was gone ${Math.round(performance.now() - killedAt)} ms after the kill`);
  expect(performance.now() - killedAt).toBeLessThan(GONE_MS);
  for (const { names } of [ada, bob, ...others]) {
    await expect
      .poll(async () => (await names.allTextContents()).sort(), { timeout: GONE_MS })
      .toEqual(["Ada", "Bob", "Eve", "Fay", "Gil"]);
  }
  expect(await ada.chat.log.filter({ hasText: /Bob (left|came in)/ }).allTextContents()).toEqual(["Bob came in"]);

  await ada.strip.state(bobsHome, "alive");
  const dan = await enter("Dan", "kill");
  expect(await dan.strip.home(), "the one that is back has the fewest").toBe(bobsHome);
  expect((await dan.names.allTextContents()).sort()).toEqual(["Ada", "Bob", "Dan", "Eve", "Fay", "Gil"]);
  await dan.chat.say("Fresh from the start");
  for (const { chat } of [ada, bob]) await chat.sees("Fresh from the start");
});

const DESKTOP = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

it.each([
  ["desktop-light", { ...DESKTOP, colorScheme: "light" }],
  ["desktop-dark", { ...DESKTOP, colorScheme: "dark" }],
  ["phone-light", { ...PHONE, colorScheme: "light" }],
  ["phone-dark", { ...PHONE, colorScheme: "dark" }],
] as const)("fits and can be read, also while a process is gone: %s", { timeout: 120_000 }, async (view, options) => {
  await allUp();
  const check = async (page: ChatPage["page"], part: string) => {
    await page.screenshot({ path: `${PICTURES}/cluster-${view}${part}.png` });
    expect(await faintTexts(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await new ClusterStrip(page).cutTexts()).toEqual([]);
  };
  const room = "engines";
  const ada = await enter("Ada Lovelace", room, { ...options, locale: "en-GB", reducedMotion: "reduce" });
  const grace = await enter("Grace Hopper", room);
  const joan = await enter("Joan Clarke", room);
  await ada.chat.sees("Joan Clarke came in");
  await grace.chat.say("Are we all on the same machine?");
  await ada.chat.say("On the same machine, in different processes. Watch yours.");
  await grace.chat.sees("Watch yours.");
  expect(await ada.names.allTextContents()).toEqual(["Ada Lovelace", "Grace Hopper", "Joan Clarke"]);
  await check(ada.chat.page, "");
  const gracesHome = await grace.strip.home();
  await ada.strip.kill(gracesHome);
  await ada.strip.state(gracesHome, "ended");
  await grace.chat.sees("You are back");
  await grace.chat.say("You killed it, and I am still here.");
  await joan.chat.say("I did not notice a thing.");
  await ada.chat.sees("I did not notice a thing.");
  await check(ada.chat.page, "-killed");
});
