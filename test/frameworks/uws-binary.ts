// Where uWebSockets.js is. It is not on npm itself: this is a release of it that somebody else has put there. Its binary is
// loaded by name, for the package would take something else in its place where it does not load.
import { createRequire } from "node:module";
import type { TestContext } from "vitest";
import { notRun } from "../support/missing.ts";

const { platform, arch, versions } = process;
const NAME = `uws_${platform}_${arch}_${versions.modules}.node`;
const BINARY = `@trufflesuite/uws-js-unofficial/binaries/${NAME}`;

// Looked up from wherever this is: programs under attack are bundled, and run from another folder.
const require = createRequire(import.meta.url);

/** Whether there is a binary for this platform and this Node. */
export const HAS_UWS: boolean = isThere();

/** The library. */
export function loadUws(): typeof import("uWebSockets.js") {
  return require(BINARY);
}

/** Ends a test that needs it where there is none. */
export function needsUws(context: TestContext): void {
  if (!HAS_UWS) notRun(context, "uWebSockets.js", `there is no ${NAME} on npm`);
}

function isThere(): boolean {
  try {
    require.resolve(BINARY);
    return true;
  } catch {
    return false;
  }
}
