// The types of toolchain.mjs, for tests written in TypeScript.
export function ensureToolchain(): Promise<string>;
export function ensureFrameworks(): Promise<string>;
export function ensureBrokerClients(): Promise<string>;
export function toolchainBin(packageName: string, bin: string): string;
