// The browsers in which clients are taken through life: Chromium, and Firefox where there is one. Knows no tests.
import type { TestContext } from "vitest";
import { CHROMIUM, needsChromium } from "../../support/chromium.ts";
import { launchEverydayChromium } from "../../support/everyday-chromium.ts";
import { FIREFOX, launchFirefox } from "../../support/firefox.ts";
import { notRun } from "../../support/missing.ts";
import type { BrowserPage } from "./life-page.ts";

/** A browser that is running. */
export interface LifeBrowser {
  readonly version: string;
  /** Opens a tab in front of the others. */
  newPage(): Promise<BrowserPage>;
  close(): Promise<void>;
}

/** One kind of browser. */
export interface BrowserKind {
  readonly name: string;
  /** Starts it; undefined where there is none. */
  launch(): Promise<LifeBrowser | undefined>;
  /** For `beforeEach`: ends the test where there is none. */
  needs(context: TestContext): void;
}

const chromium: BrowserKind = {
  name: "Chromium",
  needs: needsChromium,
  async launch() {
    if (CHROMIUM === undefined) return undefined;
    const { version, context, close } = await launchEverydayChromium();
    return { version: `Chromium ${version}`, newPage: () => context.newPage(), close };
  },
};

const firefox: BrowserKind = {
  name: "Firefox",
  needs(context) {
    const why = "no Firefox found; install it (apt-get install firefox-esr), or set FIREFOX_PATH";
    if (FIREFOX === undefined) notRun(context, "tests in a second browser", why);
  },
  async launch() {
    if (FIREFOX === undefined) return undefined;
    const browser = await launchFirefox();
    return { version: await browser.version(), newPage: () => browser.newPage(), close: () => browser.close() };
  },
};

/** All of them. In CI only Chromium has to be there. */
export const BROWSERS: readonly BrowserKind[] =
  FIREFOX === undefined && process.env.CI ? [chromium] : [chromium, firefox];
