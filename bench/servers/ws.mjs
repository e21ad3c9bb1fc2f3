// What people write by hand over `ws`: parse, look the event up, stringify, send. Nothing is checked or bounded but size.
// By its path, so that it is the very `ws` that ours runs on, not the one of a package installed for the bench.
import { WebSocketServer } from "../../node_modules/ws/wrapper.mjs";
import { listening } from "./control.mjs";

const OPEN = 1;
const server = new WebSocketServer({ port: 0, host: "127.0.0.1", maxPayload: 65_536 });
const lobby = new Set();

server.on("connection", (socket) => {
  socket.on("message", (data) => {
    const { eventName, payload } = JSON.parse(data.toString());
    switch (eventName) {
      case "echo":
        socket.send(JSON.stringify({ eventName: "echo", payload }));
        break;
      case "broadcast":
        sendToAll(server.clients, JSON.stringify({ eventName: "news", payload }));
        break;
      case "join":
        lobby.add(socket);
        socket.send(JSON.stringify({ eventName: "joined", payload: null }));
        break;
      case "say":
        sendToAll(lobby, JSON.stringify({ eventName: "said", payload }));
        break;
    }
  });
  socket.on("close", () => lobby.delete(socket));
  socket.on("error", () => {});
});
server.on("listening", () => listening(server.address().port));

function sendToAll(sockets, text) {
  for (const socket of sockets) {
    if (socket.readyState === OPEN) socket.send(text);
  }
}
