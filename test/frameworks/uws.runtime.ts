// The connector contract over uWebSockets.js.
import { once } from "node:events";
import { expect, it } from "vitest";
import { UwsConnector } from "zaptools/uws";
import { createContractApps } from "../contracts/app.ts";
import { connectorContract } from "../contracts/connector.ts";
import { NEIGHBOUR_HEADER, NEIGHBOUR_PATH } from "../contracts/neighbour.ts";
import { firstFrameOf, rawUpgrade, textFrame } from "../contracts/wire.ts";
import type { Start } from "../contracts/world.ts";
import { HAS_UWS, loadUws, needsUws } from "./uws-binary.ts";

const start: Start = async () => {
  const uws = loadUws();
  const apps = createContractApps();
  const app = uws.App();
  for (const [path, register] of apps.entries) app.ws(path, UwsConnector.behavior(register, app));
  app.any("/page", (response) => void response.end("page"));
  app.any(NEIGHBOUR_PATH, (response) => void response.writeHeader(NEIGHBOUR_HEADER, "somebody else").end(""));
  app.post("/drain", (response) => {
    response.onAborted(() => {});
    apps.close().then(() => response.cork(() => response.end("drained")));
  });
  app.any("/*", (response) => void response.writeStatus("404 Not Found").end("nothing"));
  const socket = await new Promise<Parameters<Parameters<typeof app.listen>[2]>[0]>((resolve) => {
    app.listen("127.0.0.1", 0, resolve);
  });
  if (socket === false) throw new Error("There is no free port.");
  return {
    url: `ws://127.0.0.1:${uws.us_socket_local_port(socket)}`,
    async stop() {
      uws.us_listen_socket_close(socket);
      await apps.close();
    },
  };
};

if (HAS_UWS) {
  connectorContract("uws", start, {
    "first frame": ({ url }) => dropsEarly(`${url}/ws`),
    "first frame, asynchronous authentication": ({ url }) =>
      dropsEarly(`${url}/guarded`, ["Authorization: Bearer good"]),
  });
}

it("uWebSockets.js is here", needsUws);

/** What comes with the upgrade request is lost, and the connection works nevertheless. */
async function dropsEarly(url: string, headers: readonly string[] = []): Promise<void> {
  const asks = (id: string) => JSON.stringify({ eventName: "whoami", payload: null, headers: { zap: { id } } });
  const socket = rawUpgrade(url, headers, asks("1"));
  await once(socket, "data");
  const answer = firstFrameOf(socket);
  socket.write(textFrame(asks("2")));
  expect(JSON.parse(await answer)).toMatchObject({ headers: { zap: { re: "2" } } });
}
