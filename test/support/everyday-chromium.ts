// The Chromium of this machine as people run it: one window whose tabs are hidden when another is in front, timers
// throttled there, pages kept for going back. Tests usually get one with all that switched off. Knows no page.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type BrowserContext, chromium } from "playwright-core";
import { CHROMIUM, CHROMIUM_ARGUMENTS } from "./chromium.ts";

/** A browser that is running. */
export interface EverydayChromium {
  /** Its window. */
  readonly context: BrowserContext;
  readonly version: string;
  close(): Promise<void>;
}

/** Starts the browser, headless and with a profile of its own that goes with it. @throws When there is none. */
export async function launchEverydayChromium(): Promise<EverydayChromium> {
  if (CHROMIUM === undefined) throw new Error("There is no Chromium to start.");
  const profile = mkdtempSync(join(tmpdir(), "zaptools-chromium-"));
  const args = [...CHROMIUM_ARGUMENTS, "--headless=new", "--remote-debugging-port=0", `--user-data-dir=${profile}`];
  const child = spawn(CHROMIUM, [...args, "about:blank"], { stdio: ["ignore", "ignore", "pipe"] });
  const browser = await chromium.connectOverCDP(await addressOf(child), { noDefaults: true });
  const [context] = browser.contexts();
  if (context === undefined) throw new Error("The browser has no window.");
  return {
    context,
    version: browser.version(),
    async close() {
      const session = await browser.newBrowserCDPSession();
      const ended = child.exitCode === null ? once(child, "exit") : undefined;
      // Its connection goes with it.
      await session.send("Browser.close").catch(() => {});
      await ended;
      // Processes of its own may have something to write still.
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}

async function addressOf({ stderr }: ChildProcess): Promise<string> {
  if (stderr === null) throw new Error("The browser has no output.");
  for await (const line of createInterface(stderr)) {
    const [, address] = /^DevTools listening on (ws:\S+)/.exec(line) ?? [];
    if (address === undefined) continue;
    // It is not read any further, and must not fill the pipe.
    stderr.resume();
    return address;
  }
  throw new Error("The browser ended before it told its address.");
}
