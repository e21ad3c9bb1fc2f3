// Socket.IO as its documentation shows it: WebSocket only, no compression. Knows no other node.
import { createServer } from "node:http";
import { Server } from "socket.io";
import { listening } from "./control.mjs";

/** Starts a server. @param options - What it is told besides. */
export function serveSocketIo(options) {
  const http = createServer();
  const settings = { transports: ["websocket"], perMessageDeflate: false, serveClient: false };
  const io = new Server(http, { ...settings, ...options });

  io.on("connection", (socket) => {
    socket.on("echo", (payload) => {
      socket.emit("echo", payload);
    });
    socket.on("ask", (payload, answer) => {
      answer(payload);
    });
    socket.on("broadcast", (payload) => {
      io.emit("news", payload);
    });
    socket.on("join", async () => {
      await socket.join("lobby");
      socket.emit("joined", null);
    });
    socket.on("say", (payload) => {
      io.to("lobby").emit("said", payload);
    });
  });
  http.listen(0, "127.0.0.1", () => listening(http.address().port));
}
