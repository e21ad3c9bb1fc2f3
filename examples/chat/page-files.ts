// Serves the files of the page over HTTP, and nothing else of the disk. Knows no WebSockets.
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";

/** The files, by the path they are asked for with. */
const FILES: readonly (readonly [path: string, file: string, type: string])[] = [
  ["/", "index.html", "text/html; charset=utf-8"],
  ["/main.js", "main.js", "text/javascript; charset=utf-8"],
  ["/style.css", "style.css", "text/css; charset=utf-8"],
  ["/bolt.svg", "bolt.svg", "image/svg+xml"],
];

// Whatever a peer is called, the page runs no script but its own, and talks to no server but this one.
const HEADERS = {
  "Cache-Control": "no-cache",
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

/**
 * Reads the page once and makes the listener that serves it.
 *
 * @param folder - Where the built page is.
 * @throws When a file of it is missing.
 */
export function pageFiles(folder: URL): (request: IncomingMessage, response: ServerResponse) => void {
  const files = new Map(FILES.map(([path, file, type]) => [path, { body: readFileSync(new URL(file, folder)), type }]));
  return (request, response) => {
    const file = files.get((request.url ?? "/").split("?", 1)[0] ?? "/");
    if (file === undefined) refuse(response, 404, "There is nothing here.");
    else if (request.method !== "GET" && request.method !== "HEAD") refuse(response, 405, "Only GET and HEAD.");
    else {
      response.writeHead(200, { ...HEADERS, "Content-Type": file.type, "Content-Length": file.body.length });
      response.end(request.method === "HEAD" ? undefined : file.body);
    }
  };
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...HEADERS, "Content-Type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}
