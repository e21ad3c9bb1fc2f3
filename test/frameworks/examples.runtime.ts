// Starts the example of each server framework as its reader would, greets it with a plain WebSocket, and asks it to end.
import { readFileSync } from "node:fs";
import { createServer } from "vite";
import { describe, expect, it } from "vitest";
import { zaptools } from "zaptools/vite";
import { buildServer, SERVERS } from "../../scripts/build-server.mjs";
import { ROOT } from "../architecture/source-files.ts";
import { expectGreeting, greetedBy } from "../support/example.ts";
import { comeIn } from "./come-in.ts";
import { needsUws } from "./uws-binary.ts";

describe("the example", () => {
  it.for(SERVERS)("%s greets, and ends with 1012 when it is asked to", async (name, context) => {
    if (name === "uws") needsUws(context);
    const { code, signal } = await greetedBy(process.execPath, [await buildServer(name, "sources")]);
    // Nest's own hooks end the process by the signal once they have run.
    expect(signal ?? code).toBe(name === "nest" ? "SIGTERM" : 0);
  });

  it("vite greets, with the register that its configuration names", async () => {
    const root = `${ROOT}examples/vite`;
    const config = readFileSync(`${root}/vite.config.ts`, "utf8");
    expect(config).toContain('zaptools("/register.ts", { path: "/ws" })');
    const vite = await createServer({
      root,
      configFile: false,
      logLevel: "silent",
      server: { port: 0, host: "localhost" },
      plugins: [zaptools("/register.ts", { path: "/ws" })],
      resolve: { alias: { zaptools: `${ROOT}src/index.ts` } },
    });
    await vite.listen();
    const url = `${vite.resolvedUrls?.local[0]?.replace("http", "ws")}ws`;
    const peer = await comeIn(url);
    await expectGreeting(peer);
    peer.close();
    await vite.close();
  });
});
