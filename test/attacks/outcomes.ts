// Collects what held against what, and prints it as one table: threats by servers. Knows no attack.
import { THREATS, type Threat } from "./attack.ts";

type Outcome = "held" | "failed";

/** What became of all attacks of one run. */
export class Outcomes {
  readonly #subjects: readonly string[];
  readonly #counts = new Map<string, { held: number; failed: number }>();

  constructor(subjects: readonly string[]) {
    this.#subjects = subjects;
  }

  /** Notes how an attack goes. One that is noted as held had been noted as failed before it began. */
  note(subject: string, threats: readonly Threat[], outcome: Outcome): void {
    for (const threat of threats) {
      const key = `${threat} ${subject}`;
      const counts = this.#counts.get(key) ?? { held: 0, failed: 0 };
      this.#counts.set(key, counts);
      if (outcome === "failed") counts.failed++;
      else {
        counts.held++;
        counts.failed--;
      }
    }
  }

  /** One line for each threat. */
  print(): void {
    const widths = this.#subjects.map((name) => Math.max(name.length, 9));
    const line = (threat: string, cells: readonly string[]) =>
      `${threat.padEnd(52)}${cells.map((cell, index) => ` ${cell.padStart(widths[index] ?? 0)}`).join("")}`;
    const threats = Object.entries(THREATS).map(([threat, what]) =>
      line(
        `${threat} ${what}`,
        this.#subjects.map((subject) => this.#cell(`${threat} ${subject}`)),
      ),
    );
    console.log([line("attacks that were withstood", this.#subjects), ...threats].join("\n"));
  }

  #cell(key: string): string {
    const counts = this.#counts.get(key);
    if (counts === undefined) return "";
    return counts.failed > 0 ? `${counts.failed} FAILED` : String(counts.held);
  }
}
