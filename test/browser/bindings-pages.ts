// Builds the tests' page of each framework, for browsers and for rendering on a server. Opens nothing.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildPage, buildServerPage } from "../../scripts/build-page.mjs";
import { ROOT } from "../architecture/source-files.ts";

const PAGES = `${ROOT}test/browser/pages`;

/** The frameworks, and how the scripts of their pages end. */
const ENDINGS: ReadonlyMap<string, string> = new Map([
  ["react", "tsx"],
  ["vue", "ts"],
  ["svelte", "ts"],
  ["solid", "tsx"],
]);

/** The frameworks there are bindings for. */
export const FRAMEWORKS: readonly string[] = [...ENDINGS.keys()];

/** Pages that have been built, in a folder that goes with them. */
export class BuiltPages {
  readonly #folder = mkdtempSync(join(tmpdir(), "zaptools-bindings-"));

  /** Builds the page of a framework for browsers. @returns Its folder. */
  async page(framework: string): Promise<string> {
    const folder = join(this.#folder, framework);
    const html = `${PAGES}/index.html`;
    await buildPage({ framework, entry: entryOf(framework, "main"), html, folder, from: "sources" });
    return folder;
  }

  /** Builds what renders the page of a framework on a server. @returns The module. */
  async serverPage(framework: string): Promise<string> {
    const outfile = join(this.#folder, `${framework}.cjs`);
    await buildServerPage({ framework, entry: entryOf(framework, "server"), outfile, from: "sources" });
    return outfile;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}

/** The page with what a server has rendered in its place. */
export function pageWith(rendered: string): string {
  return readFileSync(`${PAGES}/index.html`, "utf8").replace("<!--rendered-->", () => rendered);
}

function entryOf(framework: string, name: string): string {
  return `${PAGES}/${framework}/${name}.${ENDINGS.get(framework)}`;
}
