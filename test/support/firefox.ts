// Starts the Firefox of this machine, where there is one. Nothing needs it, and no gate installs it: it is one more
// browser for what is shown in Chromium. Knows no page.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureFirefoxDriver } from "../../scripts/toolchain.mjs";

const PLACES = [process.env.FIREFOX_PATH, "/usr/bin/firefox-esr", "/usr/bin/firefox"] as const;

/** Where the browser is; undefined when there is none. */
export const FIREFOX: string | undefined = PLACES.find((path) => path !== undefined && existsSync(path));

/** A page of it: the part of Puppeteer's that is used here. */
interface FirefoxPage {
  goto(url: string): Promise<unknown>;
  evaluate<T, A>(run: (given: A) => T | Promise<T>, given: A): Promise<T>;
  bringToFront(): Promise<void>;
  isClosed(): boolean;
  close(): Promise<void>;
}

/** The browser: the part of Puppeteer's that is used here. */
interface Firefox {
  newPage(): Promise<FirefoxPage>;
  version(): Promise<string>;
  close(): Promise<void>;
}

interface Puppeteer {
  launch(options: object): Promise<Firefox>;
}

/** Starts the browser, headless and with a profile of its own that goes with it. @throws When there is none. */
export async function launchFirefox(): Promise<Firefox> {
  if (FIREFOX === undefined) throw new Error("There is no Firefox to start.");
  // Playwright drives a Firefox of its own making only.
  const require = createRequire(join(await ensureFirefoxDriver(), "package.json"));
  const { default: puppeteer }: { default: Puppeteer } = await import(
    pathToFileURL(require.resolve("puppeteer-core")).href
  );
  return puppeteer.launch({ browser: "firefox", executablePath: FIREFOX, headless: true });
}
