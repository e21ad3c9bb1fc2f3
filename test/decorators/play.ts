// Registers an instance of the translated class, asks it for every event and prints the answers as JSON.
import { EventRegister } from "zaptools";
import { flushed, MemoryPeer } from "../support/memory-peer.ts";
import { Chat } from "./fixture.ts";

const register = new EventRegister().add(new Chat("hello"));
const peer = await new MemoryPeer(register).start();
const names = ["own", "first", "second", "inherited", "overridden", "wrapped:above", "wrapped:below"];
for (const name of names) peer.ask(name, name, "you");
await flushed();
console.log(JSON.stringify(Object.fromEntries(peer.envelopes.map(({ eventName, payload }) => [eventName, payload]))));
peer.leave();
