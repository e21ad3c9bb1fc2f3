// Socket.IO as its documentation shows it: WebSocket only, no compression.
import { createServer } from "node:http";
import { Server } from "socket.io";
import { listening } from "./control.mjs";

const http = createServer();
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false, serveClient: false });

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
