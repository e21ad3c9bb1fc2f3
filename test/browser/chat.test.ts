// The showcase as people use it: the built server as a process of its own, its page in a real browser.
import { mkdirSync } from "node:fs";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { ROOT } from "../architecture/source-files.ts";
import { buildChat, type ChatServer, startChat } from "../support/chat-server.ts";
import { CHROMIUM, launchChromium, needsChromium } from "../support/chromium.ts";
import { ChatPage } from "./chat-page.ts";
import { faintTexts, overflow } from "./legibility.ts";

const PICTURES = `${ROOT}test-results`;

let built: ReturnType<typeof buildChat>;
let server: ChatServer;
let browser: Browser;
const pages: ChatPage[] = [];

beforeEach(needsChromium);

beforeAll(async () => {
  if (CHROMIUM === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  built = buildChat("browser");
  [server, browser] = await Promise.all([startChat(built.server), launchChromium()]);
});

afterEach(async () => {
  for (const page of pages.splice(0)) {
    expect(page.errors.join("\n")).toBe("");
    expect(page.dialogs.join("\n")).toBe("");
    await page.close();
  }
});

afterAll(async () => {
  if (CHROMIUM === undefined) return;
  await browser.close();
  await server.stop();
  built.remove();
});

async function open(options?: BrowserContextOptions, url: string = server.url): Promise<ChatPage> {
  const page = await ChatPage.open(browser, url, options);
  pages.push(page);
  return page;
}

async function enter(name: string, room: string, options?: BrowserContextOptions): Promise<ChatPage> {
  const page = await open(options);
  await page.join(name, room);
  return page;
}

it("lets two people talk, and shows each who is there, who types and who leaves", async () => {
  const ada = await enter("Ada", "two");
  expect(await ada.members.allTextContents()).toEqual(["AAdayou"]);
  const bob = await enter("Bob", "two");
  await ada.sees("Bob came in");
  expect(await ada.members.locator("bdi").allTextContents()).toEqual(["Ada", "Bob"]);
  expect(await bob.members.locator("bdi").allTextContents()).toEqual(["Ada", "Bob"]);

  await bob.text.pressSequentially("Good mor");
  await ada.typing.getByText("Bob is typing").waitFor();
  await bob.say("Good morning");
  await ada.sees("Good morning");
  await ada.typing.getByText("typing").waitFor({ state: "detached" });
  await ada.say("And to you");
  await bob.sees("And to you");
  expect(await bob.page.locator(".entry.mine .text").allTextContents()).toEqual(["Good morning"]);

  await bob.page.getByRole("button", { name: "Leave the room" }).click();
  await ada.sees("Bob left");
  expect(await ada.members.locator("bdi").allTextContents()).toEqual(["Ada"]);
  await bob.page.getByRole("button", { name: "Join" }).waitFor();

  await bob.join("Bob", "two");
  await bob.close();
  await ada.log.filter({ hasText: "Bob left" }).nth(1).waitFor();
});

it("takes someone to another room, and tells the one they left", async () => {
  const bob = await enter("Bob", "to");
  const cleo = await enter("Cleo", "from");
  const ada = await enter("Ada", "from");
  await ada.page.getByRole("list", { name: "Rooms" }).getByText("to", { exact: true }).click();
  await cleo.sees("Ada left");
  await bob.sees("Ada came in");
  await ada.page.getByRole("heading", { name: "to", exact: true }).waitFor();
  await ada.say("Hello here");
  await bob.sees("Hello here");
  expect(await cleo.log.filter({ hasText: "Hello here" }).count()).toBe(0);
});

it("keeps markup in names, rooms and texts what it is: text", async () => {
  const image = "<img src=x onerror=alert(1)>";
  const script = "<script>alert(2)</script>";
  const ada = await enter("Ada", `room ${image}`);
  const eve = await enter(image, `room ${image}`);
  await eve.text.pressSequentially("soon");
  await ada.typing.getByText(`${image} is typing`).waitFor();
  await eve.say(script);
  await ada.sees(script);
  await ada.openFrames();
  expect(await ada.members.locator("bdi").allTextContents()).toEqual(["Ada", image]);
  expect(await ada.page.locator("#room-name").textContent()).toBe(`room ${image}`);
  for (const { page } of [ada, eve]) {
    expect(await page.locator("body :is(script, iframe, img:not(.brand img))").count()).toBe(0);
  }
});

it.each([
  { reason: "The name is empty.", name: "", room: "lobby", field: "#name" },
  { reason: "The name is over 500 characters long.", name: "x".repeat(501), room: "lobby", field: "#name" },
  { reason: "The room is empty.", name: "Ada", room: "   ", field: "#room" },
  { reason: "The room is over 500 characters long.", name: "Ada", room: "x".repeat(501), field: "#room" },
])("says beside the field what is wrong with it: $reason", async ({ name, room, field, reason }) => {
  const page = await open();
  await page.ask(name, room);
  await page.page.locator(`${field}-error`, { hasText: reason }).waitFor();
  expect(await page.page.locator(field).getAttribute("aria-invalid")).toBe("true");
  expect(await page.page.locator(`${field}:focus`).count()).toBe(1);
  await page.join("Ada", "lobby");
});

it.each([
  { reason: "The text is empty.", text: "" },
  { reason: "The text is over 500 characters long.", text: "x".repeat(501) },
  { reason: "That is far too long.", text: "x".repeat(70_000) },
])("says below the box why a text was refused, and gives it back: $reason", async ({ text, reason }) => {
  const page = await enter("Ada", "refused");
  await page.text.fill(text);
  await page.text.press("Enter");
  await page.page.locator("#text-error", { hasText: reason }).waitFor();
  expect(await page.text.inputValue()).toBe(text);
  await page.say("Better");
  expect(await page.page.locator("#text-error").textContent()).toBe("");
  expect(await page.page.locator(".entry").count()).toBe(1);
});

it("shows the raw frames: a request, its reply and a refused payload", async () => {
  const page = await enter("Ada", "frames");
  await page.openFrames();
  await page.page.getByRole("button", { name: "Clear" }).click();
  await page.page.getByRole("button", { name: "a request" }).click();
  await page.page.locator('[data-kind="reply"]').waitFor();
  await page.page.getByRole("button", { name: "a refused payload" }).click();
  await page.page.locator('[data-kind="refusal"]').first().waitFor();
  const [request, reply, refused, reason] = await page.frameTexts();
  expect(request).toBe("out request room:list null");
  expect(reply).toMatch(/^in reply room:list \{"rooms":\[.*\{"name":"frames","members":1\}/);
  expect(refused).toMatch(/^out request chat:say \{"text":"x{200}/);
  expect(reason).toMatch(/^in refusal error \{"code":"invalid_payload"/);

  const row = page.frames.nth(1);
  await row.locator("summary").click();
  const raw = row.locator(".frame-raw", { hasText: "bytes" });
  expect(await raw.textContent()).toMatch(/^\{\n {2}"eventName": "room:list",[\s\S]*"re": "\d+"[\s\S]*\n\d+ bytes$/);
});

it("tells when the connection is lost, and takes people back into their room once the server is", async () => {
  const own = await startChat(built.server);
  onTestFinished(async () => void (await own.stop()));
  const ada = await open({}, own.url);
  await ada.join("Ada", "lost");
  const bob = await open({}, own.url);
  await bob.join("Bob", "lost");
  await ada.text.fill("half a sentence");
  await own.stop("SIGKILL");
  await ada.status("waiting");
  await ada.sees("The connection was lost");
  await ada.page.getByRole("button", { name: "Try now" }).waitFor();
  expect(await ada.text.isDisabled()).toBe(true);

  const again = await startChat(built.server, own.port);
  onTestFinished(async () => void (await again.stop()));
  // The button is gone once the page has come back by itself; pressing it then must do no harm.
  for (const { page } of [ada, bob]) await page.locator("#reconnect").dispatchEvent("click");
  await Promise.all([ada.inRoom(), bob.inRoom()]);
  await ada.sees("You are back");
  expect(await ada.text.inputValue()).toBe("half a sentence");
  await ada.page.locator("#members li").nth(1).waitFor();
  await ada.say("Still here");
  await bob.sees("Still here");
});

it("can be used with the keyboard alone", async () => {
  const { page } = await open();
  await page.keyboard.type("Ada");
  await page.keyboard.press("Tab");
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("keyboard");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "keyboard" }).waitFor();
  await page.locator("#text:focus").waitFor();
  await page.keyboard.type("one line");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("and another");
  await page.keyboard.press("Enter");
  await page.locator(".entry .text").waitFor();
  expect(await page.locator(".entry .text").textContent()).toBe("one line\nand another");
});

it("stays where somebody reads, and offers the way to what is new", async () => {
  const reader = await enter("Ada", "long", { viewport: { width: 800, height: 400 } });
  const writer = await enter("Bob", "long");
  for (let line = 1; line <= 12; line++) await writer.say(`line ${line}`);
  await reader.sees("line 12");
  const end = (box: Element) => box.scrollHeight - box.scrollTop - box.clientHeight;
  const box = reader.page.locator("#scroll");
  expect(await box.evaluate(end)).toBeLessThan(2);

  await box.evaluate(async (element) => {
    const scrolled = new Promise((resolve) => element.addEventListener("scroll", resolve, { once: true }));
    element.scrollTo(0, 0);
    await scrolled;
  });
  await writer.say("line 13");
  const newer = reader.page.getByRole("button", { name: "New below" });
  await newer.click();
  expect(await box.evaluate(end)).toBeLessThan(2);
  expect(await newer.isVisible()).toBe(false);
});

const DESKTOP = { viewport: { width: 1280, height: 800 } };
const PHONE = { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };

it.each([
  ["desktop-light", { ...DESKTOP, colorScheme: "light" }],
  ["desktop-dark", { ...DESKTOP, colorScheme: "dark" }],
  ["phone-light", { ...PHONE, colorScheme: "light" }],
  ["phone-dark", { ...PHONE, colorScheme: "dark" }],
] as const)("fits and can be read: %s", async (view, options) => {
  const others = await enter("Grace Hopper", "engines");
  const page = await open({ ...options, locale: "en-GB", reducedMotion: "reduce" });
  const picture = (part: string) => page.page.screenshot({ path: `${PICTURES}/chat-${view}${part}.png` });
  const check = async (part: string) => {
    await picture(part);
    expect(await faintTexts(page.page)).toEqual([]);
    expect(await overflow(page.page)).toBeLessThanOrEqual(0);
  };
  await page.ask("", "engines");
  await page.page.locator("#name-error:not(:empty)").waitFor();
  await check("-lobby");

  await page.join("Ada Lovelace", "engines");
  await others.say("You wrote the first program. Did it ever run?");
  await page.say("Not in my time: the engine was never built.");
  await page.say("What do yours run on?");
  await others.say("Relays, at first. One of them had a moth in it, so we have a word for that now.");
  await page.say("And how do these lines reach you so fast?");
  await others.say("One WebSocket, one small JSON text per line.");
  await others.say("Open the frames and you can watch them pass.");
  await others.text.pressSequentially("And");
  await page.typing.getByText("Grace Hopper is typing").waitFor();
  await check("");

  await page.openFrames();
  await page.page.getByRole("button", { name: "a request" }).click();
  await page.page.locator('[data-kind="reply"]').last().waitFor();
  await page.page.getByRole("button", { name: "a refused payload" }).click();
  await page.page.locator(".toast", { hasText: "The text is over 500 characters long." }).waitFor();
  await check("-frames");
});
