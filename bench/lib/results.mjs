// Turns samples into results: a summary for each figure of each contender, and the ratios. Prints nothing.
// Samples that other programs disturbed are left out wherever there are others.
import { contenders } from "../contenders.mjs";
import { areCompared, isOurs } from "../works.mjs";
import { median, ratio, summary } from "./statistics.mjs";

/**
 * @param work - From the table of works.
 * @param samples - A map from contender to its samples, one for each round.
 */
export function resultOf({ id, title, note, figures, contenders: names }, samples) {
  return {
    id,
    title,
    note,
    contenders: names.map((name) => circumstances(name, samples.get(name))),
    figures: figures.map(({ key, unit, better, demands }) => ({
      unit,
      better,
      values: names.map((name) => ({ id: name, ...valuesOf(key, samples.get(name)) })),
      ratios: comparisons(names, demands).map((one) =>
        ratioOf(one, key, samples.get(one.of), samples.get(one.against)),
      ),
      bounds: demands.filter(isBound).map((one) => boundOf(one, key, samples.get(one.of))),
    })),
  };
}

/** A demand on a figure itself, whatever others reach. */
const isBound = ({ against }) => against === undefined;

function boundOf({ of, atMost }, key, samples) {
  const { rounds, ...reached } = valuesOf(key, samples);
  return { of, ...reached, atMost, met: reached.median <= atMost, disturbed: !samples.some(({ quiet }) => quiet) };
}

/** Ours against the others, with what is demanded where something is. */
function comparisons(names, demands) {
  const others = names.filter((name) => !isOurs(name));
  const pairs = names.filter(isOurs).flatMap((of) => others.map((against) => ({ of, against })));
  return pairs
    .filter(({ of, against }) => areCompared(of, against))
    .map((pair) => ({ ...pair, ...demands.find(({ of, against }) => of === pair.of && against === pair.against) }));
}

/** What one contender was measured under: how busy its server and the load were, and others beside them. */
function circumstances(id, samples) {
  const counted = preferred(samples, ({ quiet }) => quiet);
  const middle = (key) => {
    const known = counted.map((sample) => sample[key]).filter((value) => value !== undefined);
    return known.length === 0 ? undefined : median(known);
  };
  return {
    id,
    label: contenders[id].label,
    server: middle("serverBusy"),
    load: middle("loadBusy"),
    others: Math.max(...counted.map(({ others }) => others)),
  };
}

function valuesOf(key, samples) {
  const values = preferred(samples, ({ quiet }) => quiet).map((sample) => sample[key]);
  return { ...summary(values), rounds: samples.map((sample) => sample[key]) };
}

/** How ours stands to another, round by round; `disturbed` where no round was quiet for both. */
function ratioOf({ of, against, atLeast, atMost }, key, ours, theirs) {
  const rounds = ours.map((sample, round) => ({ ours: sample, theirs: theirs[round] }));
  const bothQuiet = (round) => round.ours.quiet && round.theirs.quiet;
  const counted = preferred(rounds, bothQuiet);
  const {
    median: reached,
    min,
    max,
  } = ratio(
    counted.map((round) => round.ours[key]),
    counted.map((round) => round.theirs[key]),
  );
  const met = atLeast !== undefined ? reached >= atLeast : atMost !== undefined ? reached <= atMost : undefined;
  return { of, against, ratio: reached, min, max, atLeast, atMost, met, disturbed: !rounds.some(bothQuiet) };
}

/** Those that pass; all of them when none does. */
function preferred(all, passes) {
  const some = all.filter(passes);
  return some.length > 0 ? some : all;
}
