// Rooms over several nodes, and what a program without connections may send.
import { type Broker, EventRegister, type MemberList, type NodeReply, type NodesResult } from "zaptools";
import { createBroker, createEmitter, memoryBroker } from "zaptools/brokers";
import { chat } from "./contract.ts";
import { exactly } from "./expect.ts";

const broker: Broker = memoryBroker({ name: "chat", secret: "secret" });
const register = new EventRegister(chat, { broker, onBrokerError: ({ code }) => exactly<string>()(code) });
const lobby = register.connections.room<{ name: string }>("lobby");

exactly<Promise<MemberList<{ name: string }>>>()(lobby.listMembers({ timeout: 100 }));
exactly<Promise<NodesResult>>()(lobby.joinAll("hall"));
exactly<Promise<NodesResult>>()(lobby.leaveAll(["hall", "yard"], { local: true }));
exactly<Promise<NodesResult>>()(lobby.close(4000, "closing time", { timeout: 100 }));
exactly<Promise<NodeReply<number>[]>>()(register.connections.cluster.emit<number>("count", { any: "JSON" }));
lobby.send("chat:said", { from: "ann", at: "12:00" }, { local: true });

const emitter = createEmitter<typeof chat>(memoryBroker());
exactly<Promise<void>>()(emitter.room("lobby").send("chat:said", { from: "ann", at: "12:00" }, { volatile: true }));
emitter.to("lobby", "hall").except("staff").send("chat:said", { from: "ann", at: "12:00" });
emitter.broadcast("chat:said", { from: "ann", at: "12:00" });
emitter.sendTo("zpt-1", "chat:said", { from: "ann", at: "12:00" });

// @ts-expect-error A name that the contract does not know.
emitter.broadcast("chat:sya", { from: "ann", at: "12:00" });
// @ts-expect-error A payload that does not match.
emitter.room("lobby").send("chat:said", { from: "ann" });
// @ts-expect-error There are no connections to leave out, only ids.
emitter.except(register.connections.get("zpt-1"));
// @ts-expect-error Not a carrier.
createBroker({ publish() {} });
// @ts-expect-error Not a broker.
new EventRegister(chat, { broker: "redis://localhost" });

// Without a contract anything may be sent.
createEmitter(memoryBroker()).broadcast("anything", 1);
