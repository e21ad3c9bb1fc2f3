// crossws on Node, with the same parsing and dispatch by hand; topics for those who are many.
import { createServer } from "node:http";
import crossws from "crossws/adapters/node";
import { listening } from "./control.mjs";

const http = createServer();
const adapter = crossws({
  hooks: {
    open(peer) {
      peer.subscribe("all");
    },
    message(peer, message) {
      const { eventName, payload } = JSON.parse(message.text());
      switch (eventName) {
        case "echo":
          peer.send(JSON.stringify({ eventName: "echo", payload }));
          break;
        case "broadcast":
          adapter.publish("all", JSON.stringify({ eventName: "news", payload }));
          break;
        case "join":
          peer.subscribe("lobby");
          peer.send(JSON.stringify({ eventName: "joined", payload: null }));
          break;
        case "say":
          adapter.publish("lobby", JSON.stringify({ eventName: "said", payload }));
          break;
      }
    },
  },
});
http.on("upgrade", adapter.handleUpgrade);
http.listen(0, "127.0.0.1", () => listening(http.address().port));
