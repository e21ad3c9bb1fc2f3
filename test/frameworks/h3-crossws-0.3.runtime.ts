// The connector contract over the release of crossws that Nitro 2 and Nuxt 4 have.
import { createServer } from "node:http";
import crossws from "crossws-0.3/adapters/node";
import { H3Connector } from "zaptools/h3";
import { createContractApps } from "../contracts/app.ts";
import { connectorContract } from "../contracts/connector.ts";
import { NEIGHBOUR_PATH } from "../contracts/neighbour.ts";
import { contractServer } from "../contracts/node-server.ts";

connectorContract("h3 (crossws 0.3)", (company) => {
  const apps = createContractApps();
  const hooks = new Map(apps.entries.map(([path, register]) => [String(path), H3Connector.hooks(register)]));
  const nothing = { upgrade: () => new Response("nothing", { status: 404 }) };
  const ws = crossws({
    resolve: (given) => {
      const { url } = ("request" in given ? given.request : given) as { url: string };
      return (hooks.get(new URL(url).pathname) ?? nothing) as object;
    },
    serverOptions: H3Connector.serverOptions(apps["/ws"]),
  });
  const server = createServer(async ({ url }, response) => {
    if (url === "/drain") await apps.close();
    response.end("page");
  });
  server.on("upgrade", (request, socket, head) => {
    if (request.url !== NEIGHBOUR_PATH) ws.handleUpgrade(request, socket, head);
  });
  return contractServer(server, company);
});
