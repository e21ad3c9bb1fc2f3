// The server of the tests about what a client lives through, behind a proxy that can cut and stall. Judges nothing.
import { buildSync } from "esbuild";
import { EventRegister, type Limits } from "zaptools";
import { ROOT } from "../../architecture/source-files.ts";
import { Gate } from "../../support/gate.ts";
import { type PageServer, servePages } from "../../support/page-server.ts";
import { type TcpProxy, tcpProxy } from "../../support/tcp-proxy.ts";

const HTML = '<!doctype html><meta charset="utf-8"><title>Life</title><script type="module" src="main.js"></script>';

/** The files of the page, by name. */
export function lifePageFiles(): ReadonlyMap<string, string> {
  const { outputFiles } = buildSync({
    entryPoints: [`${ROOT}test/browser/life/page.ts`],
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
    alias: {
      "zaptools/client": `${ROOT}src/client/index.ts`,
      "zaptools/client/shared": `${ROOT}src/client/shared.ts`,
    },
    tsconfigRaw: {},
  });
  return new Map([
    ["index.html", HTML],
    ["elsewhere.html", "<!doctype html><title>Elsewhere</title>"],
    // Browsers ask for one; where they get none, they say so on the page.
    ["favicon.ico", ""],
    ["main.js", outputFiles[0]?.text ?? ""],
  ]);
}

/** A server, its network, and what it has heard. */
export class LifeServer {
  readonly register: EventRegister = new EventRegister();
  /** What pages said, in the order it came. */
  readonly said: string[] = [];
  readonly asked: string[] = [];
  /** How many connections there have been, and how many there are. */
  opened = 0;
  open = 0;
  /** What lets the requests "slow" be answered. */
  readonly gate: Gate = new Gate();
  readonly #pages: PageServer;
  readonly proxy: TcpProxy;
  readonly #wakers = new Set<() => void>();
  #ticks = 0;

  private constructor(pages: PageServer, proxy: TcpProxy, register: EventRegister) {
    this.#pages = pages;
    this.proxy = proxy;
    this.register = register;
    const happened = () => {
      for (const wake of [...this.#wakers]) wake();
    };
    register.onEvent("connected", () => {
      this.opened++;
      this.open++;
      happened();
    });
    register.onEvent("disconnected", () => {
      this.open--;
      happened();
    });
    register.onEvent("say", ({ payload }) => {
      this.said.push(String(payload));
      happened();
    });
    const ask = (payload: unknown) => {
      this.asked.push(String(payload));
      happened();
    };
    register.onEvent("ask", ({ payload }) => {
      ask(payload);
      return `answer to ${payload}`;
    });
    register.onEvent("slow", async ({ payload }) => {
      ask(payload);
      await this.gate.passed;
      return `answer to ${payload}`;
    });
    register.onEvent("error", () => {});
  }

  /** @param limits - What the server also tells its clients: how often to ask whether it is there. */
  static async start(files: ReadonlyMap<string, string>, limits: Partial<Limits> = {}): Promise<LifeServer> {
    const register = new EventRegister(undefined, { concurrency: 8, limits });
    const read = async (name: string) => {
      const text = files.get(name);
      if (text === undefined) throw new Error(`no file ${name}`);
      return text;
    };
    const pages = await servePages(read, register);
    return new LifeServer(pages, await tcpProxy(pages.port), register);
  }

  get url(): string {
    return `http://127.0.0.1:${this.proxy.port}`;
  }

  /** Sends the next tick to every connection. @returns Its number. */
  tick(): number {
    this.register.connections.broadcast("tick", ++this.#ticks);
    return this.#ticks;
  }

  /** Resolves when `holds` does; it is asked after everything that happens here. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        this.#wakers.add(resolve);
      });
    }
  }

  async stop(): Promise<void> {
    this.gate.open();
    await this.proxy.close();
    await this.#pages.close();
  }
}
