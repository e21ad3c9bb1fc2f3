// Starts the Chromium of this machine, where there is one. Knows no page.
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import type { TestContext } from "vitest";
import { notRun } from "./missing.ts";

const PLACES = [
  process.env.CHROMIUM_PATH,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
] as const;

/** It runs as root in containers, and asks nobody but the page under test. */
export const CHROMIUM_ARGUMENTS: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Where the browser is; undefined when there is none. */
export const CHROMIUM: string | undefined = PLACES.find((path) => path !== undefined && existsSync(path));

/** Starts the browser, headless and with a profile of its own that goes with it. @throws When there is none. */
export function launchChromium(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error("There is no Chromium to start.");
  return chromium.launch({ executablePath: CHROMIUM, args: [...CHROMIUM_ARGUMENTS] });
}

/** For `beforeEach` of browser tests: ends the test where there is no browser. */
export function needsChromium(context: TestContext): void {
  if (CHROMIUM !== undefined) return;
  notRun(context, "browser tests", "no Chromium found; install it (apt-get install chromium), or set CHROMIUM_PATH");
}
