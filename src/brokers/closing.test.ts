// A register that goes out of service while it is joined to others.
import { expect, it } from "vitest";
import { flushed, MemoryPeer } from "../../test/support/memory-peer.ts";
import { EventRegister } from "../rooms/event-register.ts";
import { MemoryHub, memoryBroker } from "./memory.ts";

it("says goodbye to the other nodes once its own connections have ended, and may be closed again", async () => {
  const hub = new MemoryHub();
  const [one, other] = [1, 2].map(() => new EventRegister(undefined, { broker: memoryBroker({ hub }) }));
  if (one === undefined || other === undefined) throw new Error("There are two.");
  await flushed();
  const happened: string[] = [];
  other.connections.cluster.onNode(({ change }) => happened.push(change));
  one.onEvent("disconnected", () => happened.push("disconnected"));
  await new MemoryPeer(one).start();
  await Promise.all([one.close(), one.close()]);
  await flushed();
  expect(happened).toEqual(["disconnected", "left"]);
  expect(other.connections.cluster.nodes()).toEqual([other.connections.cluster.id]);
  await other.close();
});
