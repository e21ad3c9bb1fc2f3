// The connector contract over Node's own HTTP server.
import { createServer } from "node:http";
import { attach } from "../../src/connectors/node.ts";
import { createContractApp } from "./app.ts";
import { connectorContract } from "./connector.ts";

connectorContract("node (attach)", async () => {
  const server = createServer((_request, response) => response.end("page"));
  attach(server, createContractApp(), { path: "/ws" });
  attach(server, createContractApp(), { path: "/other" });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    url: `ws://127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
});
