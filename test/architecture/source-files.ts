// Reads the sources under a folder, and says which part of the house each file belongs to. Judges nothing.
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { importsOf } from "./syntax.ts";

/** The project's folder. */
export const ROOT: string = fileURLToPath(new URL("../../", import.meta.url));

/** One file as it is written. */
export interface TextFile {
  /** From the project's folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
}

/** One file and what it imports. */
export interface SourceFile extends TextFile {
  readonly imports: readonly Import[];
}

/** One import of a file. */
export interface Import {
  readonly line: number;
  /** As written. */
  readonly specifier: string;
  /** The file it means; undefined for a package or a module of the runtime. */
  readonly path: string | undefined;
}

/** The TypeScript files under `folder`, those that `wanted` takes. */
export function readSources(folder: string, wanted: (path: string) => boolean): readonly SourceFile[] {
  return readTexts(folder, wanted).map(readSource);
}

/** The files under `folder`, those that `wanted` takes, as they are written. What is installed or built is passed over. */
export function readTexts(folder: string, wanted: (path: string) => boolean): readonly TextFile[] {
  return filesUnder(folder).filter(wanted).map(readText);
}

function filesUnder(folder: string): readonly string[] {
  const entries = readdirSync(`${ROOT}${folder}`, { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return isMade(entry.name) ? [] : filesUnder(path);
    return entry.isFile() ? [path] : [];
  });
}

/** Whether a folder holds nothing that was written here. */
function isMade(name: string): boolean {
  return name === "node_modules" || name === "dist" || name.startsWith(".");
}

function readText(path: string): TextFile {
  const text = readFileSync(`${ROOT}${path}`, "utf8");
  return { path, text, lines: text.trimEnd().split("\n").length };
}

function readSource(file: TextFile): SourceFile {
  const imports = importsOf(file.text).map(({ what, line }) => {
    return { line, specifier: what, path: resolve(file.path, what) };
  });
  return { ...file, imports };
}

function resolve(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  return posix.join(posix.dirname(from), specifier);
}

/** The files that are loaded with `path`, itself among them. */
export function loadedWith(path: string, files: readonly SourceFile[]): readonly SourceFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const loaded = new Set<SourceFile>();
  const load = (file: SourceFile | undefined): void => {
    if (file === undefined || loaded.has(file)) return;
    loaded.add(file);
    for (const imported of file.imports) load(byPath.get(imported.path ?? ""));
  };
  load(byPath.get(path));
  return [...loaded];
}

/** The part of the house a file of `src/` is in: its folder, or its own name without the ending. */
export function partOf(path: string): string {
  const [, first = ""] = path.split("/");
  return first.replace(/\.tsx?$/, "");
}
