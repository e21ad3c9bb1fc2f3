// The connector contract over Node's own HTTP server.
import { createServer } from "node:http";
import { attach } from "../../src/connectors/node.ts";
import { createContractApps } from "./app.ts";
import { connectorContract } from "./connector.ts";
import { contractServer } from "./node-server.ts";

connectorContract("attach", (company) => {
  const server = createServer(async ({ url }, response) => {
    if (url === "/drain") await Promise.all(attachments.map((attachment) => attachment.close()));
    response.end("page");
  });
  const attachments = createContractApps().entries.map(([path, register]) => attach(server, register, { path }));
  return contractServer(server, company);
});
