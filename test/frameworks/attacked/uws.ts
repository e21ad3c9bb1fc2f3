// Under attack: uWebSockets.js.
import { UwsConnector } from "../../../src/connectors/uws.ts";
import { createApplication } from "../../attacks/application.ts";
import { ready } from "../../attacks/program.ts";
import { loadUws } from "../uws-binary.ts";

const uws = loadUws();
const register = createApplication();
const app = uws.App();
app.ws("/ws", UwsConnector.behavior(register, app));
app.any("/*", (response) => void response.writeStatus("404 Not Found").end("nothing"));
app.listen("127.0.0.1", 0, (socket) => {
  if (socket === false) throw new Error("There is no free port.");
  ready(uws.us_socket_local_port(socket), async () => {
    await register.close();
    uws.us_listen_socket_close(socket);
  });
});
