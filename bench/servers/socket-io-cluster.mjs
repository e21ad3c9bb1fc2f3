// One node of Socket.IO, joined to others by a Redis as the adapter's documentation shows it. Argument: its port.
import { createAdapter } from "@socket.io/redis-adapter";
import { createClient } from "redis";
import { serveSocketIo } from "./socket-io-events.mjs";

const publisher = createClient({ url: `redis://127.0.0.1:${process.argv[2]}` });
const subscriber = publisher.duplicate();
await Promise.all([publisher.connect(), subscriber.connect()]);
serveSocketIo({ adapter: createAdapter(publisher, subscriber) });
