// The connector contract over Node's own HTTP server.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { attach } from "../../src/connectors/node.ts";
import { createContractApps } from "./app.ts";
import { connectorContract } from "./connector.ts";
import { addNeighbour } from "./neighbour.ts";

connectorContract("attach", async (company) => {
  const server = createServer(async ({ method, url }, response) => {
    if (method === "POST" && url === "/drain") await Promise.all(attachments.map((attachment) => attachment.close()));
    response.end("page");
  });
  const attachments = createContractApps().entries.map(([path, register]) => attach(server, register, { path }));
  if (company === "beside another") addNeighbour(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
});
