// Says at the end of a run, where nobody overlooks it, which tests did not run because something is missing here.
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { NOT_RUN } from "./missing.ts";

/** What `lines` of a run come to: one for each thing that was missing, with the number of tests it cost. */
export function notesOf(notes: readonly (string | undefined)[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const note of notes) {
    if (note?.startsWith(NOT_RUN)) counts.set(note, (counts.get(note) ?? 0) + 1);
  }
  return [...counts].map(([note, count]) => `${note} (${count} ${count === 1 ? "test" : "tests"})`);
}

/** A reporter for `vitest.config.ts`, after the one that reports the tests. */
export default class MissingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests("skipped")]);
    const lines = notesOf(tests.map(noteOf));
    if (lines.length > 0) console.error(`\n${"!".repeat(80)}\n${lines.join("\n")}\n${"!".repeat(80)}\n`);
  }
}

function noteOf(test: TestCase): string | undefined {
  const result = test.result();
  return result.state === "skipped" ? result.note : undefined;
}
