// The types of build-page.mjs, for tests written in TypeScript.
interface Page {
  readonly framework: string;
  readonly entry: string;
  readonly from?: "package" | "sources";
}
export function buildPage(page: Page & { readonly html: string; readonly folder: string }): Promise<void>;
export function buildServerPage(page: Page & { readonly outfile: string }): Promise<void>;
