// Where the programs of other languages are, and which of them are not on this machine. Starts none.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { TestContext } from "vitest";
import { notRun } from "../support/missing.ts";

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const textOf = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : undefined);

/** What a language's programs are run with. */
export interface Toolchain {
  readonly name: string;
  /** The program to start. */
  readonly command: string;
  /** Whether it is ready. */
  readonly isHere: boolean;
  /** Ends a test that needs it where it is not. */
  readonly needed: (context: TestContext) => void;
}

/** Where the Python programs are. */
export const PYTHON_PROGRAMS: string = pathOf("python");

/** Python, with the siblings and their frameworks. */
export const PYTHON: Toolchain = toolchain(
  "Python",
  pathOf(".venv/bin/python"),
  textOf(pathOf(".venv/requirements.txt")) === textOf(pathOf("python/requirements.txt")),
);

/** The Go program. */
export const GO: Toolchain = toolchain("Go", pathOf(".bin/peer"), existsSync(pathOf(".bin/peer")));

function toolchain(name: string, command: string, isHere: boolean): Toolchain {
  const needed = (context: TestContext) => {
    if (!isHere) notRun(context, `interop with ${name}`, `no ${name} here; install it, and run npm run test:interop`);
  };
  return { name, command, isHere, needed };
}
