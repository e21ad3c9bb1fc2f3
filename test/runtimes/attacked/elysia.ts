// Under attack: Elysia on Bun.
import { Elysia } from "elysia";
import { ElysiaConnector } from "../../../src/connectors/elysia.ts";
import { createApplication } from "../../attacks/application.ts";
import { ready } from "../../attacks/program.ts";

const register = createApplication();
const app = new Elysia({ websocket: ElysiaConnector.websocket(register) });
app.ws("/ws", ElysiaConnector.ws(register));
// Elysia would give requests that do not arrive half a minute, Bun ten seconds.
app.listen({ port: 0, hostname: "127.0.0.1", idleTimeout: 10 });
ready(app.server?.port ?? 0, async () => {
  await register.close();
  await app.server?.stop();
});
