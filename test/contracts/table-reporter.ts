// Prints the table of connectors and cases at the end of a run that held the contract over some. Judges nothing.
import type { Reporter, TestModule } from "vitest/node";
import type {} from "./connector.ts";
import type { ConnectorName } from "./connectors.ts";
import { tableOf } from "./table.ts";

/** A reporter for `vitest.config.ts`, after the one that reports the tests. */
export default class ContractReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const connectors = new Set<ConnectorName>();
    const outcomes = new Map<string, string>();
    for (const test of modules.flatMap((module) => [...module.children.allTests()])) {
      const { contract } = test.meta();
      if (contract === undefined) continue;
      connectors.add(contract.connector);
      const { state } = test.result();
      outcomes.set(`${contract.connector}: ${contract.case}`, state === "passed" ? "yes" : state);
    }
    if (connectors.size === 0) return;
    const outcome = (connector: string, name: string) => outcomes.get(`${connector}: ${name}`) ?? "not run";
    console.log(`\nThe connector contract\n\n${tableOf([...connectors], outcome)}\n`);
  }
}
