// Ours and a Go program. It is not the Go sibling, which cannot be had from where Go takes its modules: it sends the same
// frames, and reads ours into the same struct.
import { expect, it } from "vitest";
import { served } from "../support/node-server.ts";
import { drivenClient } from "./driven-client.ts";
import { Program } from "./program.ts";
import { exampleApp, siblingClient } from "./sibling-client.ts";
import { siblingServer } from "./sibling-server.ts";
import { GO } from "./toolchains.ts";

siblingServer("a frame-compatible server in Go (not the sibling itself)", {
  toolchain: GO,
  async start(port) {
    const server = new Program(GO.command, ["serve", `127.0.0.1:${port}`]);
    await server.until((said) => said.find((line) => line === "listening"));
    return server;
  },
  closes: 1_006,
  stops: 1_006,
});

siblingClient("a frame-compatible client in Go (not the sibling itself)", {
  needed: GO.needed,
  connect: (url) => drivenClient(GO.command, ["drive", url]),
  closes: 1_000,
});

it("asks a server of ours from Go, and fails at asking", async (context) => {
  GO.needed(context);
  const server = await served(exampleApp());
  const program = new Program(GO.command, ["ask", server.url]);
  await program.ended;
  expect(program.said).toEqual(["6", expect.stringContaining("join failed: map[code:room_full")]);
});
