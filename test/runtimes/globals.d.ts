// The globals of the runtimes, as far as the servers and examples here use them.
import type { BunServer, BunSession } from "../../src/connectors/bun.ts";
import type { DenoRequestInfo } from "../../src/connectors/deno.ts";

declare global {
  const Bun: {
    serve(options: {
      readonly port: number;
      readonly hostname?: string;
      // Also a framework's, whose sockets are its own.
      fetch(request: Request, server: BunServer<BunSession>): unknown;
      readonly websocket: object;
    }): { readonly port: number; stop(): Promise<void> };
  };

  const Deno: {
    serve(
      options: { readonly port: number; readonly hostname?: string; onListen(): void },
      handler: (request: Request, info: DenoRequestInfo) => Response | Promise<Response>,
    ): { readonly addr: { readonly port: number }; shutdown(): Promise<void> };
    readonly env: { get(name: string): string | undefined };
    addSignalListener(signal: "SIGTERM", listener: () => void): void;
    exit(): never;
  };
}
