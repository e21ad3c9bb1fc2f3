// The connector contract over sockets of which only what the WHATWG standard knows can be used.
import { createServer } from "node:http";
import { WebSocket, WebSocketServer } from "ws";
import { refuseUpgrade } from "../../src/connectors/shared/refuse-upgrade.ts";
import { WebSocketConnector, type WhatwgSocket } from "../../src/connectors/websocket.ts";
import { createContractApps } from "./app.ts";
import { connectorContract } from "./connector.ts";
import { NEIGHBOUR_PATH } from "./neighbour.ts";
import { contractServer } from "./node-server.ts";

connectorContract("websocket", (company) => {
  const apps = createContractApps();
  const registers = new Map(apps.entries);
  const sockets = new WebSocketServer({ noServer: true });
  const server = createServer(async ({ url }, response) => {
    if (url === "/drain") await apps.close();
    response.end("page");
  });
  // A runtime we have not thought of: it has a `Request`, takes a `Response`, and gives a socket.
  server.on("upgrade", async (incoming, raw, head) => {
    raw.on("error", () => {});
    const { url = "/", headers, socket } = incoming;
    const register = registers.get(url as "/ws");
    if (register === undefined && url === NEIGHBOUR_PATH) return;
    if (register === undefined) return refuseUpgrade(socket, { status: 404, headers: [], body: "" });
    const gone = new AbortController();
    raw.once("close", () => gone.abort());
    const request = { url, headers: new Headers(headers as Record<string, string>), signal: gone.signal };
    const admitted = await WebSocketConnector.admit(register, request, socket.remoteAddress);
    if (admitted instanceof Response) {
      const { status, headers } = admitted;
      return refuseUpgrade(socket, { status, headers: [...headers], body: await admitted.text() });
    }
    if (socket.destroyed) return admitted.abandon();
    let upgraded: WebSocket | undefined;
    sockets.handleUpgrade(incoming, raw, head, (accepted) => {
      upgraded = accepted;
    });
    if (upgraded === undefined) admitted.abandon();
    else WebSocketConnector.plug(register, new Facade(upgraded), admitted).startEventStream();
  });
  return contractServer(server, company);
});

/** A socket that shows the standard's side alone. */
class Facade implements WhatwgSocket {
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  get readyState(): number {
    return this.#socket.readyState;
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  send(text: string): void {
    if (this.readyState === WebSocket.CONNECTING) throw new DOMException("Still connecting", "InvalidStateError");
    this.#socket.send(text);
  }

  close(code?: number, reason?: string): void {
    this.#socket.close(code, reason);
  }

  addEventListener(type: "message" | "close", listener: (event: object) => void): void {
    this.#socket.addEventListener(type, listener);
  }
}
