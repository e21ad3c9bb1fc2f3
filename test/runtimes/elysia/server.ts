// The connector contract's server on Elysia. Prints its port.
import { Elysia } from "elysia";
import { ElysiaConnector } from "../../../src/connectors/elysia.ts";
import { createContractApp } from "../../contracts/app.ts";

const main = createContractApp();

const app = new Elysia({ websocket: ElysiaConnector.websocket(main) })
  .ws("/ws", ElysiaConnector.ws(main))
  .ws("/other", ElysiaConnector.ws(createContractApp()))
  .get("/page", () => "page")
  .listen({ port: 0, hostname: "127.0.0.1" });
console.log(app.server?.port);
