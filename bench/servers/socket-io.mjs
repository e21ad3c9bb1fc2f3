// Socket.IO in one process.
import { serveSocketIo } from "./socket-io-events.mjs";

serveSocketIo({});
