// The hand-written `ws` loop that validates its echo with the same schema as ours.
import * as v from "valibot";
import { WebSocketServer } from "../../node_modules/ws/wrapper.mjs";
import { listening } from "./control.mjs";
import { EchoPayload } from "./schema.mjs";

const server = new WebSocketServer({ port: 0, host: "127.0.0.1", maxPayload: 65_536 });

server.on("connection", (socket) => {
  socket.on("message", (data) => {
    const { eventName, payload } = JSON.parse(data.toString());
    if (eventName !== "echo") return;
    const { success, output } = v.safeParse(EchoPayload, payload);
    if (success) socket.send(JSON.stringify({ eventName: "echo", payload: output }));
  });
  socket.on("error", () => {});
});
server.on("listening", () => listening(server.address().port));
