// Bun's own server, with the same parsing and dispatch by hand and its native topics. Runs on Bun.
import { listening } from "./control.mjs";

const server = globalThis.Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch(request, self) {
    return self.upgrade(request) ? undefined : new Response("This server speaks WebSocket.", { status: 426 });
  },
  websocket: {
    perMessageDeflate: false,
    maxPayloadLength: 65_536,
    open(socket) {
      socket.subscribe("all");
    },
    message(socket, text) {
      const { eventName, payload } = JSON.parse(text);
      switch (eventName) {
        case "echo":
          socket.send(JSON.stringify({ eventName: "echo", payload }));
          break;
        case "broadcast":
          server.publish("all", JSON.stringify({ eventName: "news", payload }), false);
          break;
        case "join":
          socket.subscribe("lobby");
          socket.send(JSON.stringify({ eventName: "joined", payload: null }));
          break;
        case "say":
          server.publish("lobby", JSON.stringify({ eventName: "said", payload }), false);
          break;
      }
    },
  },
});
listening(server.port);
