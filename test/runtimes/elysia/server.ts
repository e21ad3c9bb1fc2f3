// The connector contract's server on Elysia. Prints its port.
import { Elysia } from "elysia";
import { ElysiaConnector } from "../../../src/connectors/elysia.ts";
import { createContractApps } from "../../contracts/app.ts";
import { othersBeside } from "../others.ts";

const apps = createContractApps();
const others = othersBeside(apps);

const app = new Elysia({ websocket: ElysiaConnector.websocket(apps["/ws"]) });
for (const [path, register] of apps.entries) app.ws(path, ElysiaConnector.ws(register));
app.all("*", ({ request }) => others(request));
app.listen({ port: 0, hostname: "127.0.0.1" });
console.log(app.server?.port);
