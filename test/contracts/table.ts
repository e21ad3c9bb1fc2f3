// The table of connectors and cases, as lines of Markdown. Runs nothing.
import { CASES, type CaseName } from "./cases.ts";
import { CONNECTORS, type ConnectorName } from "./connectors.ts";

/** A row for each case, a column for each connector, and below it why a case does not hold. */
export function tableOf(
  connectors: readonly ConnectorName[],
  cell: (connector: ConnectorName, name: CaseName) => string = () => "yes",
): string {
  const notes: string[] = [];
  const noteOf = (connector: ConnectorName, name: CaseName): string => {
    const reason = CONNECTORS[connector].cannot[name];
    if (reason === undefined) return "";
    const same = notes.indexOf(reason);
    return `no (${same === -1 ? notes.push(reason) : same + 1})`;
  };
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rows = [...CASES.keys()].map((name) => {
    const cells = connectors.map((connector) => {
      const outcome = cell(connector, name);
      return outcome === "yes" ? noteOf(connector, name) || outcome : outcome;
    });
    return row([name, ...cells]);
  });
  const head = [row(["", ...connectors]), `|---${"|---".repeat(connectors.length)}|`];
  const list = notes.map((reason, index) => `${index + 1}. ${reason}`);
  return [...head, ...rows, ...(list.length === 0 ? [] : ["", ...list])].join("\n");
}
