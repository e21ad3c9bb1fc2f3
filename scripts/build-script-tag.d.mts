// The types of build-script-tag.mjs, for tests written in TypeScript.
export function buildScriptTag(entry: string, outfile: string): Promise<void>;
