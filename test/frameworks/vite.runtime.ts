// The connector contract over Vite's development server, and what is special about it.
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger, createServer, type InlineConfig, type Plugin, preview } from "vite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { EventRegister } from "zaptools";
import { zaptools } from "zaptools/vite";
import { createContractApps } from "../contracts/app.ts";
import { connectorContract } from "../contracts/connector.ts";
import { contractServer } from "../contracts/node-server.ts";
import { Peer } from "../contracts/peer.ts";
import { rawUpgrade, refusal } from "../contracts/wire.ts";
import { httpOf } from "../contracts/world.ts";
import { comeIn } from "./come-in.ts";

const quiet: InlineConfig = { configFile: false, logLevel: "silent", server: { port: 0, host: "127.0.0.1" } };

connectorContract(
  "vite",
  async (company) => {
    const apps = createContractApps();
    const pages: Plugin = {
      name: "pages",
      configureServer({ middlewares }) {
        middlewares.use("/page", (_request, response) => response.end("page"));
        middlewares.use("/drain", async (_request, response) => {
          await apps.close();
          response.end();
        });
      },
    };
    const plugins = [pages, ...apps.entries.map(([path, register]) => zaptools(register, { path }))];
    const vite = await createServer({ ...quiet, root: import.meta.dirname, plugins });
    await vite.listen();
    const { url, stop } = await contractServer(vite.httpServer as Server, company);
    return {
      url,
      async stop() {
        await vite.close();
        await stop().catch(() => {});
      },
    };
  },
  {
    async "other requests"(world) {
      expect(await (await fetch(`${httpOf(world.url)}/page`)).text()).toBe("page");
      const socket = rawUpgrade(`${world.url}/nowhere`);
      let got = "";
      socket.on("data", (data) => {
        got += data;
      });
      const peer = await world.open();
      await peer.ask("whoami");
      peer.close();
      expect([got, socket.destroyed]).toEqual(["", false]);
      socket.destroy();
    },
  },
);

describe("the plugin", () => {
  let root: string;
  const stops: (() => Promise<unknown>)[] = [];
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "zaptools-vite-"));
    writeFileSync(join(root, "index.html"), "<p>page</p>");
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    rmSync(root, { recursive: true });
  });

  /** A development server over `root`, and its address. */
  const develop = async (plugin: Plugin, config: InlineConfig = {}) => {
    const vite = await createServer({ ...quiet, root, plugins: [plugin], ...config });
    stops.push(() => vite.close());
    await vite.listen();
    return { vite, url: (vite.resolvedUrls?.local[0] ?? "").replace("http", "ws") };
  };

  it("leaves the hot reload of Vite alone", async () => {
    const { vite, url } = await develop(zaptools(new EventRegister()));
    const socket = new WebSocket(`${url}?token=${vite.config.webSocketToken}`, "vite-hmr");
    const [text] = await once(socket, "message");
    expect(JSON.parse(String(text))).toEqual({ type: "connected" });
    socket.close();
  });

  it("loads the register by its module, and brings clients to the new one when it changes", async () => {
    const source = join(import.meta.dirname, "../../src/index.ts");
    const write = (text: string) => writeFileSync(join(root, "greeting.ts"), `export const greeting = "${text}";`);
    write("one");
    writeFileSync(
      join(root, "register.ts"),
      `import { EventRegister } from ${JSON.stringify(source)};
       import { greeting } from "./greeting.ts";
       export const register = new EventRegister();
       register.onEvent("hello", () => greeting);`,
    );
    const { url } = await develop(zaptools("/register.ts"));
    const greeted = async () => {
      const peer = await comeIn(`${url}ws`);
      return { peer, greeting: await peer.ask("hello") };
    };
    const first = await greeted();
    expect(first.greeting).toBe("one");
    write("two");
    expect(await first.peer.closed).toMatchObject({ code: 1012 });
    const second = await greeted();
    expect(second.greeting).toBe("two");
    second.peer.close();
  });

  it("says what is wrong with a module, and goes on when it has been put right", async () => {
    const errors: string[] = [];
    const customLogger = { ...createLogger("silent"), error: (text: string) => void errors.push(text) };
    const path = join(root, "register.ts");
    writeFileSync(path, "export const nothing = 1;");
    const { url } = await develop(zaptools("/register.ts"), { customLogger });
    await expect.poll(() => errors).toEqual([expect.stringContaining("/register.ts exports no register")]);
    expect(await refusal(`${url}ws`)).toMatchObject({ status: 503 });
    const source = join(import.meta.dirname, "../../src/index.ts");
    writeFileSync(path, `import { EventRegister } from ${JSON.stringify(source)}; export default new EventRegister();`);
    (await comeIn(`${url}ws`)).close();
  });

  it("serves vite preview, too", async () => {
    const register = new EventRegister();
    register.onEvent("hello", () => "from preview");
    const server = await preview({
      ...quiet,
      root,
      plugins: [zaptools(register)],
      preview: { port: 0, host: "127.0.0.1" },
    });
    stops.push(() => server.close());
    const peer = await Peer.open(`${(server.resolvedUrls?.local[0] ?? "").replace("http", "ws")}ws`);
    expect(await peer.ask("hello")).toBe("from preview");
    peer.close();
  });

  it("refuses to run where Vite has no server of its own", async () => {
    const config: InlineConfig = { ...quiet, root, plugins: [zaptools(new EventRegister())] };
    await expect(createServer({ ...config, server: { middlewareMode: true } })).rejects.toMatchObject({
      code: "invalid_argument",
    });
  });
});
