// Serves the files of one folder over HTTP, and a register at /ws of the same port. Knows no page.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import type { EventRegister } from "zaptools";
import { attach } from "zaptools/node";

const TYPES: ReadonlyMap<string, string> = new Map([
  [".html", "text/html; charset=utf-8"],
  [".js", "text/javascript; charset=utf-8"],
]);

/** A server that is listening. */
export interface PageServer {
  readonly url: string;
  readonly port: number;
  /** Closes its connections as a server that goes away does, and ends. */
  close(): Promise<void>;
}

/**
 * Starts a server.
 *
 * @param files - The folder, or what makes the text of a file by its name.
 */
export async function servePages<C extends object>(
  files: string | ((name: string) => Promise<string | Buffer>),
  register: EventRegister<C>,
  port = 0,
): Promise<PageServer> {
  const read = typeof files === "string" ? (name: string) => readFile(join(files, name)) : files;
  const http = createServer(async ({ url = "" }, response) => {
    const { pathname } = new URL(url, "http://localhost");
    const name = pathname === "/" ? "index.html" : pathname.slice(1);
    try {
      const text = await read(name);
      response.setHeader("Content-Type", TYPES.get(extname(name)) ?? "application/octet-stream");
      response.end(text);
    } catch {
      response.writeHead(404).end();
    }
  });
  const attachment = attach(http, register, { path: "/ws" });
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen(port, "localhost", resolve);
  });
  const address = http.address();
  const actual = typeof address === "object" && address !== null ? address.port : port;
  return {
    url: `http://localhost:${actual}`,
    port: actual,
    async close() {
      const closed = new Promise((resolve) => http.close(resolve));
      await attachment.close();
      http.closeAllConnections();
      await closed;
    },
  };
}
