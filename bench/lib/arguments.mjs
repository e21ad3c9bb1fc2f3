// Reads what the bench was asked for. Knows the names of works from the table of works alone.
import { works } from "../works.mjs";

const FULL = { rounds: 5, warmMs: 800, measureMs: 2_000, tries: 4 };
const QUICK = { rounds: 1, warmMs: 400, measureMs: 500, tries: 1 };

export const usage = `npm run bench                      everything, ${FULL.rounds} rounds
npm run bench -- echo              one kind of work: ${[...new Set(works.map(({ group }) => group))].join(", ")}
npm run bench -- echo,broadcast    several; single works too: ${works.map(({ id }) => id).join(", ")}
npm run bench -- --rounds 9        more rounds
npm run bench -- --quick           one short round of everything, in under two minutes`;

/** @returns `{ works, rounds, warmMs, measureMs, tries, complete }`; `complete` when the figures may stand for a full run. */
export function readArguments(given) {
  const words = [...given];
  const plan = { ...FULL, works: [], complete: true };
  while (words.length > 0) {
    const word = words.shift();
    if (word === "--quick") Object.assign(plan, QUICK, { complete: false });
    else if (word === "--rounds") plan.rounds = wholeNumber(words.shift());
    else plan.works.push(...word.split(",").flatMap(worksNamed));
  }
  if (plan.works.length === 0) plan.works = works;
  if (plan.works.length < works.length || plan.rounds < FULL.rounds) plan.complete = false;
  return plan;
}

function worksNamed(name) {
  const found = works.filter(({ id, group }) => id === name || group === name);
  if (found.length === 0) throw new Error(`There is no work called "${name}".\n\n${usage}`);
  return found;
}

function wholeNumber(text) {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--rounds takes a whole number above 0.\n\n${usage}`);
  return number;
}
