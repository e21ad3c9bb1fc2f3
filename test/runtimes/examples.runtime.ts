// Starts the example of each runtime as its reader would, greets it with a plain WebSocket, and asks it to end.
import { describe, expect, it } from "vitest";
import { buildServer, ON_RUNTIMES } from "../../scripts/build-server.mjs";
import { ROOT } from "../architecture/source-files.ts";
import { Peer } from "../contracts/peer.ts";
import { expectGreeting, greetedBy } from "../support/example.ts";
import { bunBinary, denoBinary } from "./binaries.ts";
import { workerdServer } from "./workerd.ts";

const onDeno = (name: string) => name.endsWith("deno");

describe("the example", () => {
  it.each(ON_RUNTIMES)("%s greets, and ends with 1012 when it is asked to", async (name) => {
    const [command, ...args] = onDeno(name) ? [denoBinary(), "run", "--allow-net", "--allow-env"] : [bunBinary()];
    const program = await buildServer(name, "sources");
    expect((await greetedBy(command, [...args, program])).code).toBe(0);
  });

  it("cloudflare greets, and has those in one room hear each other", async () => {
    const server = await workerdServer(`${ROOT}examples/cloudflare/worker.ts`, { objects: { ROOM: "Room" } });
    try {
      const peers = await Promise.all(["/ws", "/ws", "/ws?room=other"].map((path) => Peer.open(server.url + path)));
      for (const peer of peers) {
        await expectGreeting(peer);
        await peer.ask("join", "Ada");
      }
      const [one, two, elsewhere] = peers;
      one?.send("say", "hi");
      expect(await two?.event("said")).toMatchObject({ payload: { from: "Ada", text: "hi" } });
      await elsewhere?.ask("join", "Bob");
      expect(elsewhere?.names()).not.toContain("said");
    } finally {
      await server.stop();
    }
  });
});
