// The connector contract on workerd: over a Worker and over Durable Objects.
import { expect } from "vitest";
import { connectorContract } from "../contracts/connector.ts";
import { Peer } from "../contracts/peer.ts";
import { answerOf, rawUpgrade, refusal } from "../contracts/wire.ts";
import { guardedReport, httpOf, type World } from "../contracts/world.ts";
import { workerdServer } from "./workerd.ts";

const TELLS_OF_RESETS = ["enable_request_signal", "request_signal_passthrough"];
const OBJECTS = { OPEN: "Open", GUARDED: "Guarded" };

/** More than a register lets wait, and than the network holds, and still all of it arrives in the end. */
async function isTakenWhatever(world: World): Promise<void> {
  const peer = await world.open();
  peer.socket.pause();
  const frames = 400;
  peer.send("flood:reckless", { frames, size: 60_000 });
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  peer.socket.resume();
  await peer.next(({ payload }) => (payload as { index?: number } | null)?.index === frames - 1);
  expect(peer.names()).toEqual(Array.from({ length: frames }, () => "flood"));
  peer.close();
}

/** Whoever asks so badly gets an answer, but nothing is lost with it: the place is free once the peer has gone. */
async function takesAnyKey(world: World): Promise<void> {
  const asked = rawUpgrade(`${world.url}/guarded`, ["Authorization: Bearer good", "Sec-WebSocket-Key: short"]);
  const { head } = await answerOf(asked, "head");
  expect(head).toContain("101 Switching Protocols");
  const peer = await world.openGuarded("good");
  while ((await guardedReport(peer)).connections > 1);
  peer.close();
  await peer.closed;
}

/** A server of its own that has been drained, and one who was connected before. */
async function afterDrain(world: World, look: (url: string, peer: Peer) => Promise<void>): Promise<void> {
  const server = await world.start("alone");
  try {
    const peer = await Peer.open(`${server.url}/ws`);
    await peer.ask("whoami");
    await fetch(`${httpOf(server.url)}/drain`, { method: "POST" });
    await look(server.url, peer);
  } finally {
    await server.stop();
  }
}

connectorContract("worker", () => workerdServer("worker/server.ts", { flags: TELLS_OF_RESETS }), {
  async rooms(world) {
    const [one, two] = await Promise.all([world.open(), world.open()]);
    await Promise.all([one.ask("join", { room: "a" }), two.ask("join", { room: "a" })]);
    await one.ask("say", { room: "a" });
    await one.event("said");
    // What a peer is sent by its own events still arrives.
    await two.ask("whoami");
    expect(two.names()).not.toContain("said");
    for (const peer of [one, two]) peer.close();
  },
  "reader that does not read": isTakenWhatever,
  "broken upgrade request": takesAnyKey,
  drain: (world) =>
    afterDrain(world, async (_url, peer) => {
      peer.send("hello");
      expect(await peer.closed).toMatchObject({ code: 1012 });
      expect(peer.names()).not.toContain("hello");
    }),
  "refused while draining": (world) =>
    afterDrain(world, async (url) => {
      expect(await refusal(`${url}/ws`)).toMatchObject({ status: 503 });
    }),
});

connectorContract(
  "durable object",
  () => workerdServer("durable/server.ts", { objects: OBJECTS, flags: TELLS_OF_RESETS }),
  { "reader that does not read": isTakenWhatever, "broken upgrade request": takesAnyKey },
);
