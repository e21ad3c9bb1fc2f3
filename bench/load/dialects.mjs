// How an event is spelled on the wire: as an envelope, or as Socket.IO does. Knows no sockets.

/** Envelopes: ours, and all that is written by hand. */
const envelopes = {
  path: "/ws",
  /** The connection is usable as soon as it has been upgraded. */
  opening: undefined,
  event: (eventName, payload) => JSON.stringify({ eventName, payload }),
  request: (eventName, payload) => JSON.stringify({ eventName, payload, headers: { zap: { id: "1" } } }),
  reply: (eventName, payload) => JSON.stringify({ eventName, payload, headers: { zap: { re: "1" } } }),
  heartbeat: () => undefined,
};

/** Socket.IO 4 over Engine.IO 4: packet types as leading digits. */
const socketIo = {
  path: "/socket.io/?EIO=4&transport=websocket",
  /** Answers the texts of the handshake; `true` once the connection is usable. */
  opening: (text, send) => {
    if (text.startsWith("0")) send("40");
    return text.startsWith("40");
  },
  event: (eventName, payload) => `42${JSON.stringify([eventName, payload])}`,
  request: (eventName, payload) => `421${JSON.stringify([eventName, payload])}`,
  reply: (_eventName, payload) => `431${JSON.stringify([payload])}`,
  /** The answer to a ping of Engine.IO. */
  heartbeat: (text) => (text === "2" ? "3" : undefined),
};

export const dialects = { envelopes, socketIo };
