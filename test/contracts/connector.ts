// Runs the cases of the contract over one connector. Knows no framework and no runtime.
import { afterAll, beforeAll, describe, it } from "vitest";
import { CASES, type CaseName } from "./cases.ts";
import { CONNECTORS, type ConnectorName } from "./connectors.ts";
import { type ContractServer, type Start, World } from "./world.ts";

export type { ContractServer, Start } from "./world.ts";

declare module "vitest" {
  interface TaskMeta {
    /** Which cell of the table this test fills. */
    contract?: { readonly connector: ConnectorName; readonly case: CaseName };
  }
}

/** What is true instead, for each case that connectors.ts says a connector cannot do. */
type Facts = { readonly [name in CaseName]?: (world: World) => Promise<void> };

/**
 * Runs the suite over one connector.
 *
 * @throws {Error} When `facts` are not of exactly the cases that connectors.ts lists.
 */
export function connectorContract(connector: ConnectorName, start: Start, facts: Facts = {}): void {
  const { cannot } = CONNECTORS[connector];
  const [listed, shown] = [cannot, facts].map((cases) => Object.keys(cases).sort().join(", "));
  if (listed !== shown) throw new Error(`${connector}: connectors.ts lists "${listed}", its run shows "${shown}".`);

  describe(`the connector contract: ${connector}`, () => {
    let server: ContractServer;
    let world: World;

    beforeAll(async () => {
      server = await start("alone");
      world = new World(server, start);
    });
    afterAll(() => server?.stop());

    for (const [name, { rule, run }] of CASES) {
      const meta = { contract: { connector, case: name } };
      const fact = facts[name];
      if (fact === undefined) it(rule, { meta }, () => run(world));
      else it(`${rule}: it cannot, ${cannot[name]}`, { meta }, () => fact(world));
    }
  });
}
