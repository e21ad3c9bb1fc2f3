// The sources of the house, read once, and how a rule says where it is broken. Holds no rule itself.
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { type Import, partOf, ROOT, readSources, type SourceFile } from "./source-files.ts";
import type { Finding } from "./syntax.ts";

/** Files made for an optional peer: who loads one has it, so it may be imported there and its types may be told. */
const MADE_FOR_PEER: ReadonlyMap<string, string> = new Map([
  ["src/brokers/io-redis.ts", "ioredis"],
  ["src/brokers/nats.ts", "@nats-io/transport-node"],
  ["src/brokers/node-redis.ts", "redis"],
  ["src/client/react.ts", "react"],
  ["src/client/solid.ts", "solid-js"],
  ["src/client/svelte.ts", "svelte"],
  ["src/client/vue.ts", "vue"],
]);

/** What the package says of itself. */
interface Manifest {
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** package.json. */
export const manifest: Manifest = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8"));

/** Whether a file is one that a test runner starts. */
export const isTest = (path: string) => /\.(?:test|runtime|interop)\.tsx?$/.test(path);
const isSource = (path: string) => /\.tsx?$/.test(path) && !isTest(path);

/** Everything in src/ but tests. */
export const sources = readSources("src", isSource);

/** Fails with what to do, and with each place where. */
export function expectNone(places: readonly string[], advice: string): void {
  if (places.length > 0) expect.fail(`${advice}\n  ${places.join("\n  ")}`);
}

/** Where something is found in files. */
export function placesOf(
  files: readonly SourceFile[],
  find: (file: SourceFile) => readonly Finding[],
): readonly string[] {
  return files.flatMap((file) => find(file).map(({ what, line }) => `${file.path}:${line} ${what}`));
}

/** The imports of files that are wrong. */
export function importPlaces(
  files: readonly SourceFile[],
  isWrong: (file: SourceFile, imported: Import) => boolean,
): readonly string[] {
  return files.flatMap((file) =>
    file.imports
      .filter((imported) => isWrong(file, imported))
      .map(({ line, specifier }) => `${file.path}:${line} imports ${specifier}`),
  );
}

/** The sources of some parts. */
export const inPart = (...parts: readonly string[]) => sources.filter(({ path }) => parts.includes(partOf(path)));

/** The optional peer that a file may know. */
export function peerOf(path: string): readonly string[] {
  const peer = MADE_FOR_PEER.get(path);
  return peer !== undefined && peer in (manifest.peerDependencies ?? {}) ? [peer] : [];
}

/** Whether `specifier` is one of these packages, or a part of one. */
export function isOf(specifier: string, packages: readonly string[]): boolean {
  return packages.some((name) => specifier === name || specifier.startsWith(`${name}/`));
}
