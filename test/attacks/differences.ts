// Where a server answers otherwise than the others, for a reason that is not ours to change. Each line is pinned: the
// suite fails when the server answers in the common way after all. Knows no more of attacks than what they are called.

/** One attack that ends otherwise on one subject. */
export interface Difference {
  readonly subject: string;
  /** The attack, by what it says it does. */
  readonly attack: string;
  /** The close code it ends with there; undefined when it is allowed. */
  readonly code: number | undefined;
  /** Whether the runtime ended it before we heard of it: then nothing is counted and nothing logged. */
  readonly by: "us" | "the runtime";
  readonly why: string;
}

/** All of them. */
export const DIFFERENCES: readonly Difference[] = [];

/** How `attack` ends on `subject`, where that is not what the attack itself says. */
export function differenceOf(subject: string, attack: string): Difference | undefined {
  return DIFFERENCES.find((one) => one.subject === subject && one.attack === attack);
}
