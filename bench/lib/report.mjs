// Puts results into tables of text. Computes nothing.
import { contenders } from "../contenders.mjs";

/** The figures of one work, one row for each contender. */
export function figuresTable({ title, note, figures, contenders: all }) {
  const rows = [[title, "median", "min .. max", "unit", "server busy", "load busy", "others, at most"]];
  for (const { unit, values } of figures) {
    for (const { id, median, min, max } of values) {
      const { label, server, load, others } = all.find((one) => one.id === id);
      const spread = `${short(min)} .. ${short(max)}`;
      rows.push([label, short(median), spread, unit, percent(server), percent(load), percent(others)]);
    }
  }
  return note === undefined ? table(rows) : `${table(rows)}\n${note}`;
}

/** The ratios of all works, with what is demanded beside what was reached. */
export function ratiosTable(results) {
  const rows = [["work", "ours", "against", "ratio", "min .. max", "demanded", ""]];
  for (const { title, figures } of results) {
    for (const { unit, ratios, bounds } of figures) {
      for (const one of ratios) {
        const names = [contenders[one.of].label, contenders[one.against].label];
        const spread = `${times(one.min)} .. ${times(one.max)}`;
        rows.push([`${title} (${unit})`, ...names, times(one.ratio), spread, demanded(one), verdict(one)]);
      }
      for (const one of bounds) {
        const spread = `${short(one.min)} .. ${short(one.max)}`;
        rows.push([
          `${title} (${unit})`,
          contenders[one.of].label,
          "",
          short(one.median),
          spread,
          demanded(one),
          verdict(one),
        ]);
      }
    }
  }
  return table(rows);
}

function demanded({ atLeast, atMost }) {
  return atLeast !== undefined ? `at least ${atLeast}` : atMost !== undefined ? `at most ${atMost}` : "";
}

function verdict({ met, disturbed }) {
  const words = [met === undefined ? "" : met ? "met" : "MISSED", disturbed ? "(disturbed)" : ""];
  return words.filter((word) => word !== "").join(" ");
}

/** A number with three digits that count: 438 k, 6.62, 5,971. */
export function short(number) {
  if (number >= 1e6) return `${(number / 1e6).toFixed(2)} M`;
  if (number >= 1e4) return `${(number / 1e3).toFixed(number < 1e5 ? 1 : 0)} k`;
  return number >= 1_000 ? Math.round(number).toLocaleString("en") : number.toPrecision(3);
}

function times(ratio) {
  return ratio.toFixed(2);
}

function percent(share) {
  return share === undefined ? "" : `${Math.round(share * 100)} %`;
}

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join("  ")
      .trimEnd();
  const [head, ...body] = rows;
  return [line(head), widths.map((width) => "-".repeat(width)).join("  "), ...body.map(line)].join("\n");
}
