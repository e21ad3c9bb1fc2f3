// The connector contract over uWebSockets.js. It is not on npm itself: this is a release of it that somebody else has put
// there, and its binary is loaded by name, for the package would replace it by something else where it does not load.
import { once } from "node:events";
import { createRequire } from "node:module";
import { expect } from "vitest";
import { type UwsBehavior, UwsConnector } from "zaptools/uws";
import { createContractApps } from "../contracts/app.ts";
import { connectorContract } from "../contracts/connector.ts";
import { NEIGHBOUR_HEADER, NEIGHBOUR_PATH } from "../contracts/neighbour.ts";
import { firstFrameOf, rawUpgrade, textFrame } from "../contracts/wire.ts";

interface Response {
  onAborted(handler: () => void): Response;
  cork(callback: () => void): Response;
  writeStatus(status: string): Response;
  writeHeader(name: string, value: string): Response;
  end(body: string): Response;
}

interface App {
  ws(path: string, behavior: UwsBehavior): App;
  any(path: string, handler: (response: Response) => void): App;
  post(path: string, handler: (response: Response) => void): App;
  publish(topic: string, text: string, isBinary: boolean, compress: boolean): boolean;
  listen(host: string, port: number, listening: (socket: object | false) => void): App;
}

interface Uws {
  App(): App;
  us_socket_local_port(socket: object): number;
  us_listen_socket_close(socket: object): void;
}

const { platform, arch, versions } = process;
const binary = `@trufflesuite/uws-js-unofficial/binaries/uws_${platform}_${arch}_${versions.modules}.node`;

connectorContract(
  "uws",
  async () => {
    const uws: Uws = createRequire(import.meta.url)(binary);
    const apps = createContractApps();
    const app = uws.App();
    for (const [path, register] of apps.entries) app.ws(path, UwsConnector.behavior(register, app));
    app.any("/page", (response) => response.end("page"));
    app.any(NEIGHBOUR_PATH, (response) => response.writeHeader(NEIGHBOUR_HEADER, "somebody else").end(""));
    app.post("/drain", (response) => {
      response.onAborted(() => {});
      apps.close().then(() => response.cork(() => response.end("drained")));
    });
    app.any("/*", (response) => response.writeStatus("404 Not Found").end("nothing"));
    const socket = await new Promise<object | false>((resolve) => app.listen("127.0.0.1", 0, resolve));
    if (socket === false) throw new Error("There is no free port.");
    return {
      url: `ws://127.0.0.1:${uws.us_socket_local_port(socket)}`,
      async stop() {
        uws.us_listen_socket_close(socket);
        await apps.close();
      },
    };
  },
  {
    "first frame": ({ url }) => dropsEarly(`${url}/ws`),
    "first frame, asynchronous authentication": ({ url }) =>
      dropsEarly(`${url}/guarded`, ["Authorization: Bearer good"]),
  },
);

/** What comes with the upgrade request is lost, and the connection works nevertheless. */
async function dropsEarly(url: string, headers: readonly string[] = []): Promise<void> {
  const asks = (id: string) => JSON.stringify({ eventName: "whoami", payload: null, headers: { zap: { id } } });
  const socket = rawUpgrade(url, headers, asks("1"));
  await once(socket, "data");
  const answer = firstFrameOf(socket);
  socket.write(textFrame(asks("2")));
  expect(JSON.parse(await answer)).toMatchObject({ headers: { zap: { re: "2" } } });
}
