// One node of ours on Node, joined to others by a Redis. Argument: its port.
import { createClient } from "redis";
import { redisBroker } from "../../dist/brokers/redis.js";
import { serve } from "../../dist/connectors/node.js";
import { listening } from "./control.mjs";
import { eventRegister } from "./ours-events.mjs";

const broker = redisBroker({ client: createClient({ url: `redis://127.0.0.1:${process.argv[2]}` }) });
const register = eventRegister("sync", "unlimited", broker);
const server = await serve(register, { port: 0, host: "127.0.0.1" });
await register.connections.cluster.ready();
listening(server.port);
