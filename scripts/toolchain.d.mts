// The types of toolchain.mjs, for tests written in TypeScript.
export function ensureToolchain(): Promise<string>;
export function ensureFrameworks(): Promise<string>;
export function ensureBrokerClients(): Promise<string>;
export function ensureServerFrameworks(): Promise<string>;
export function ensureRuntimes(): Promise<string>;

/** Makes sure of what drives Firefox. @returns The folder. */
export function ensureFirefoxDriver(): Promise<string>;
export function toolchainBin(packageName: string, bin: string): string;
