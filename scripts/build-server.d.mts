// The types of build-server.mjs, for tests written in TypeScript.
export const SERVERS: readonly string[];
export const ON_RUNTIMES: readonly string[];
export function buildServer(name: string, from?: "package" | "sources"): Promise<string>;
