// Starts the example of each runtime as its reader would, greets it with a plain WebSocket, and asks it to end.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { buildServer, ON_RUNTIMES } from "../../scripts/build-server.mjs";
import { ROOT } from "../architecture/source-files.ts";
import { Peer } from "../contracts/peer.ts";
import { freePort } from "../support/free-port.ts";
import { bunBinary, denoBinary } from "./binaries.ts";
import { workerdServer } from "./workerd.ts";

const onDeno = (name: string) => name.endsWith("deno");

describe("the example", () => {
  it.each(ON_RUNTIMES)("%s greets, and ends with 1012 when it is asked to", async (name) => {
    const port = String(await freePort());
    const program = await buildServer(name, "sources");
    const [command, ...args] = onDeno(name) ? [denoBinary(), "run", "--allow-net", "--allow-env"] : [bunBinary()];
    const example = spawn(command, [...args, program], {
      env: { ...process.env, PORT: port },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(example, "exit");
    try {
      const [url] = await once(createInterface({ input: example.stdout }), "line");
      expect(url).toBe(`ws://localhost:${port}/ws`);
      const peer = await Peer.open(String(url));
      peer.send("hello");
      expect(await peer.event("hello")).toMatchObject({ payload: "HELLO FROM SERVER !!!" });
      example.kill("SIGTERM");
      expect(await peer.closed).toMatchObject({ code: 1012 });
      expect((await ended)[0]).toBe(0);
    } finally {
      example.kill("SIGKILL");
      await ended;
    }
  });

  it("cloudflare greets, and has those in one room hear each other", async () => {
    const server = await workerdServer(`${ROOT}examples/cloudflare/worker.ts`, { objects: { ROOM: "Room" } });
    try {
      const [one, two, elsewhere] = await Promise.all(
        ["/ws", "/ws", "/ws?room=other"].map((path) => Peer.open(server.url + path)),
      );
      for (const peer of [one, two, elsewhere]) {
        peer?.send("hello");
        expect(await peer?.event("hello")).toMatchObject({ payload: "HELLO FROM SERVER !!!" });
        await peer?.ask("join", "Ada");
      }
      one?.send("say", "hi");
      expect(await two?.event("said")).toMatchObject({ payload: { from: "Ada", text: "hi" } });
      await elsewhere?.ask("join", "Bob");
      expect(elsewhere?.names()).not.toContain("said");
    } finally {
      await server.stop();
    }
  });
});
