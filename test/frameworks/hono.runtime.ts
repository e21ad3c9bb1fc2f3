// The connector contract over Hono on Node.
import type { Server } from "node:http";
import { serve, upgradeWebSocket } from "@hono/node-server";
import { Hono } from "hono";
import { expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { HonoConnector } from "zaptools/hono";
import { createContractApps } from "../contracts/app.ts";
import { connectorContract } from "../contracts/connector.ts";
import { createGuardedApp } from "../contracts/guarded-app.ts";
import { contractServer } from "../contracts/node-server.ts";
import { Peer } from "../contracts/peer.ts";
import { refusal } from "../contracts/wire.ts";

connectorContract(
  "hono (node)",
  (company) => {
    const apps = createContractApps();
    const app = new Hono();
    for (const [path, register] of apps.entries) {
      app.get(
        path,
        HonoConnector.admit(register),
        upgradeWebSocket((context) => HonoConnector.events(register, context)),
      );
    }
    app.get("/page", (context) => context.text("page"));
    app.post("/drain", async (context) => {
      await apps.close();
      return context.text("drained");
    });
    const websocket = { server: new WebSocketServer(HonoConnector.serverOptions(apps["/ws"])) };
    return contractServer(serve({ fetch: app.fetch, websocket, port: 0, hostname: "127.0.0.1" }) as Server, company);
  },
  {
    async "text of a refusal"({ url }) {
      const refused = await refusal(`${url}/guarded`, { headers: { Authorization: "Bearer unpaid" } });
      expect(refused).toMatchObject({ status: 402, headers: { "x-plan": "free", "content-length": "0" }, body: "" });
    },
  },
);

it("closes a peer that may not connect where nobody asked before the upgrade", async () => {
  const register = createGuardedApp();
  const app = new Hono();
  app.get(
    "/ws",
    upgradeWebSocket((context) => HonoConnector.events(register, context)),
  );
  const websocket = { server: new WebSocketServer(HonoConnector.serverOptions(register)) };
  const server = await contractServer(serve({ fetch: app.fetch, websocket, port: 0 }) as Server, "alone");
  const peer = await Peer.open(`${server.url}/ws`);
  expect(await peer.closed).toMatchObject({ code: 4401 });
  await server.stop();
});
