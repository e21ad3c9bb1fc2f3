// What every connector has to do, whatever its framework or runtime, case by case. Starts nothing itself.
import type { Case } from "./cases/case.ts";
import { conversations } from "./cases/conversations.ts";
import { entrances } from "./cases/entrances.ts";
import { mistakes } from "./cases/mistakes.ts";
import { sending } from "./cases/sending.ts";
import { servers } from "./cases/servers.ts";

const all = { ...conversations, ...entrances, ...mistakes, ...sending, ...servers };

/** What a case is called in tables. */
export type CaseName = keyof typeof all;

/** The cases, in the order they run. */
export const CASES: ReadonlyMap<CaseName, Case> = new Map(Object.entries(all) as [CaseName, Case][]);
