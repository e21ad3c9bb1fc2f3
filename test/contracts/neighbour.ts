// Somebody else who takes upgrades on the same server, as the hot reload of a development server does.
import type { Server } from "node:http";
import type { Duplex } from "node:stream";

/** The path of the neighbour. */
export const NEIGHBOUR_PATH = "/hmr";

/** The header its answers have. */
export const NEIGHBOUR_HEADER = "X-By";

/** Has a server of Node's answer upgrades at the neighbour's path, and echo there; all others are left to others. */
export function addNeighbour(server: Pick<Server, "on">): void {
  server.on("upgrade", ({ url }, socket: Duplex) => {
    if (url !== NEIGHBOUR_PATH) return;
    socket.on("error", () => {});
    socket.on("end", () => socket.end());
    socket.on("data", (bytes) => socket.write(bytes));
    const head = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
    socket.write(`${head.join("\r\n")}\r\n${NEIGHBOUR_HEADER}: somebody else\r\n\r\n`);
  });
}
