// Turns samples into results: a summary for each figure of each contender, and the ratios. Prints nothing.
import { contenders } from "../contenders.mjs";
import { isOurs } from "../works.mjs";
import { median, ratio, summary } from "./statistics.mjs";

/**
 * @param work - From the table of works.
 * @param samples - A map from contender to its samples, one for each round.
 */
export function resultOf({ id, title, figures, contenders: names }, samples) {
  return {
    id,
    title,
    busy: names.map((name) => busyOf(name, samples.get(name))),
    figures: figures.map(({ key, unit, better, demands }) => {
      const values = new Map(names.map((name) => [name, samples.get(name).map((sample) => sample[key])]));
      return {
        unit,
        better,
        contenders: names.map((name) => ({
          id: name,
          label: contenders[name].label,
          ...summary(values.get(name)),
          rounds: values.get(name),
        })),
        ratios: comparisons(names, demands).map((one) =>
          verdict(one, ratio(values.get(one.of), values.get(one.against))),
        ),
      };
    }),
  };
}

/** Every one of ours against every other, with what is demanded where something is. */
function comparisons(names, demands) {
  const others = names.filter((name) => !isOurs(name));
  return names.filter(isOurs).flatMap((of) =>
    others.map((against) => ({
      of,
      against,
      ...demands.find((demand) => demand.of === of && demand.against === against),
    })),
  );
}

function verdict({ of, against, atLeast, atMost }, { median: reached, min, max }) {
  const met = atLeast !== undefined ? reached >= atLeast : atMost !== undefined ? reached <= atMost : undefined;
  return { of, against, ratio: reached, min, max, atLeast, atMost, met };
}

/**
 * How busy server and load were, and the most that other programs had of their cores. A server that was not busy was
 * not what limited the figure.
 */
function busyOf(id, samples) {
  const of = (key) => samples.map((sample) => sample[key]).filter((value) => value !== undefined);
  return {
    id,
    server: orUndefined(median(of("serverBusy"))),
    load: orUndefined(median(of("loadBusy"))),
    others: of("others").length === 0 ? undefined : Math.max(...of("others")),
  };
}

function orUndefined(number) {
  return Number.isNaN(number) ? undefined : number;
}
