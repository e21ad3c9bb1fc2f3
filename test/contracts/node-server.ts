// A server of Node's for a run of the contract: listens, and stops whatever is left on it. Knows no connector.
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { addNeighbour } from "./neighbour.ts";
import type { ContractServer, Start } from "./world.ts";

/** Has a server listen on a free port. What stops it cuts every socket, upgraded ones too. */
export async function contractServer(server: Server, company: Parameters<Start>[0]): Promise<ContractServer> {
  if (company === "beside another") addNeighbour(server);
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  if (!server.listening) await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
