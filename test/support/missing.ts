// What a test does whose machine lacks something: in CI it fails, elsewhere it is left out, and the end of the run says
// so out loud (missing-reporter.ts). Knows no test and nothing that could be missing.
import type { TestContext } from "vitest";

/** How every such note begins. */
export const NOT_RUN = "NOT RUN: ";

/**
 * Ends the test: what it needs is not here.
 *
 * @param what - Which tests these are.
 * @param why - What is missing, and where to get it.
 * @throws In CI, where nothing may be missing.
 */
export function notRun(context: TestContext, what: string, why: string): never {
  const note = `${NOT_RUN}${what}: ${why}`;
  if (process.env.CI) throw new Error(note);
  return context.skip(note);
}
