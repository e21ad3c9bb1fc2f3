// The connector contract over h3 and crossws on Node.
import type { Server } from "node:http";
import { plugin as ws } from "crossws/server";
import { defineWebSocketHandler, H3, serve } from "h3";
import { expect } from "vitest";
import { H3Connector } from "zaptools/h3";
import { createContractApps } from "../contracts/app.ts";
import { connectorContract } from "../contracts/connector.ts";
import { NEIGHBOUR_PATH } from "../contracts/neighbour.ts";
import { contractServer } from "../contracts/node-server.ts";
import { echoOf, rawUpgrade } from "../contracts/wire.ts";

connectorContract(
  "h3",
  async (company) => {
    const apps = createContractApps();
    const app = new H3();
    for (const [path, register] of apps.entries) app.get(path, defineWebSocketHandler(H3Connector.hooks(register)));
    app.get("/page", () => "page");
    app.post("/drain", async () => {
      await apps.close();
      return "drained";
    });
    const options = { node: { serverOptions: H3Connector.serverOptions(apps["/ws"]) } };
    const server = serve(app, { port: 0, hostname: "127.0.0.1", silent: true, plugins: [ws({ options })] });
    await server.ready();
    return contractServer(server.node?.server as Server, company);
  },
  {
    async "other upgrades"(world) {
      const server = await world.start("beside another");
      const { head, echo } = await echoOf(rawUpgrade(server.url + NEIGHBOUR_PATH), "anybody there?");
      expect(head).toMatch(/^HTTP\/1\.1 101 /);
      expect(echo).toMatch(/^HTTP\/1\.1 404 /);
      await server.stop();
    },
  },
);
