// Which pages the documentation has, and what is in them. Checks nothing.
import { readdirSync, readFileSync } from "node:fs";
import { ROOT } from "../architecture/source-files.ts";
import { type Fence, fencesOf } from "./markdown.ts";

/** The pages, by their path from the project's folder. */
export const PAGES: readonly string[] = ["", "docs/"].flatMap((folder) =>
  readdirSync(`${ROOT}${folder}`)
    .filter((name) => name.endsWith(".md"))
    .map((name) => `${folder}${name}`),
);

/** The text of a file, by its path from the project's folder. */
export function read(path: string): string {
  return readFileSync(`${ROOT}${path}`, "utf8");
}

/** The fences of all pages whose language is one of these. */
export function fencesIn(...languages: readonly string[]): readonly Fence[] {
  return PAGES.flatMap((page) => fencesOf(page, read(page))).filter(({ language }) => languages.includes(language));
}
