// The server of the tests' pages: what it heard, who is connected, and when "slow" is answered. Judges nothing.
import { EventRegister, ZapError } from "zaptools";
import { Gate } from "../support/gate.ts";
import { type PageServer, servePages } from "../support/page-server.ts";
import { type Probe, probe } from "./pages/contract.ts";

/** One server that can go away and come back at the same port. */
export class ProbeServer {
  readonly register: EventRegister<Probe> = new EventRegister(probe, { concurrency: 8 });
  /** "connected" and "disconnected", in the order they happened. */
  readonly changes: string[] = [];
  /** What pages said, in the order it came. */
  readonly said: string[] = [];
  /** What lets the requests "slow" be answered, by their payload. */
  readonly gates: ReadonlyMap<string, Gate<string>> = new Map([
    ["first", new Gate<string>()],
    ["second", new Gate<string>()],
  ]);
  readonly #files: Parameters<typeof servePages>[0];
  #server: PageServer | undefined;
  #wake = () => {};

  private constructor(files: Parameters<typeof servePages>[0]) {
    this.#files = files;
    const { register } = this;
    register.onEvent("connected", () => this.#note(this.changes, "connected"));
    register.onEvent("disconnected", () => this.#note(this.changes, "disconnected"));
    register.onEvent("say", ({ payload }) => this.#note(this.said, payload));
    register.onEvent("sum", (context) => {
      if (context.payload.length === 0) context.fail("nothing", { least: 1 });
      return context.payload.reduce((sum, one) => sum + one, 0);
    });
    register.onEvent("slow", ({ payload }) => this.gates.get(payload)?.passed ?? "no gate");
    register.onEvent("error", () => {});
  }

  static async start(files: Parameters<typeof servePages>[0]): Promise<ProbeServer> {
    const server = new ProbeServer(files);
    server.#server = await servePages(files, server.register);
    return server;
  }

  get url(): string {
    return this.#server?.url ?? "";
  }

  /** Goes away, with all connections. */
  async stop(): Promise<void> {
    await this.#server?.close();
  }

  /** Comes back at the same port. */
  async restart(): Promise<void> {
    this.#server = await servePages(this.#files, this.register, this.#server?.port);
  }

  /** Resolves when `holds` does; it is asked after everything that happens here. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** What the page's handler of "poll" answers, or the code of the error when nobody answers. */
  async poll(): Promise<string> {
    const [connection] = this.register.connections.all();
    if (connection === undefined) return "nobody is connected";
    try {
      return await connection.request("poll", null);
    } catch (error) {
      if (error instanceof ZapError) return error.code;
      throw error;
    }
  }

  #note(list: string[], entry: string): void {
    list.push(entry);
    this.#wake();
  }
}
