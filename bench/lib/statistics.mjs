// Medians, spreads and ratios of samples. Knows nothing of where they came from.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The middle and the spread of some values. */
export function summary(values) {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * How two stand to each other. Each round is compared with itself, so that a machine that was slow for a while was slow
 * for both.
 */
export function ratio(ours, theirs) {
  return summary(ours.map((value, round) => value / theirs[round]));
}
