// What a case of the contract is. Knows none.
import type { World } from "../world.ts";

/** One case: the rule as a sentence, and what shows it. */
export interface Case {
  readonly rule: string;
  run(world: World): Promise<void>;
}

/** Some cases, by what they are called in tables. */
export type Cases = Readonly<Record<string, Case>>;
