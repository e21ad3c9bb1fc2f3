// Names the place in the application that is calling the toolkit, for errors that point at two places.

/** The first stack line outside of `above`, as "file:line:column"; "an unknown place" where the runtime gives none. */
export function callSite(above: Function): string {
  const trace: { stack?: string } = {};
  Error.captureStackTrace?.(trace, above);
  const line = trace.stack?.split("\n").find((text) => /:\d+:\d+\)?$/.test(text.trim()));
  return (
    line
      ?.trim()
      .replace(/^at (?:.* \()?/, "")
      .replace(/\)$/, "") ?? "an unknown place"
  );
}
