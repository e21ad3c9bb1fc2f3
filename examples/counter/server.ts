// The counter's server, with one page: node server.js <folder of the page>. Port 3000, or PORT.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { attach } from "zaptools/node";
import { createCounterRegister } from "./register.ts";

const [, , folder = "page"] = process.argv;

/** The files there are, by the path they are asked for with. */
const FILES: ReadonlyMap<string, { readonly file: string; readonly type: string }> = new Map([
  ["/", { file: "index.html", type: "text/html; charset=utf-8" }],
  ["/main.js", { file: "main.js", type: "text/javascript; charset=utf-8" }],
  ["/zaptools.min.js", { file: "zaptools.min.js", type: "text/javascript; charset=utf-8" }],
]);

const http = createServer(async (request, response) => {
  const found = FILES.get(request.url ?? "");
  if (found === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.setHeader("Content-Type", found.type);
  response.end(await readFile(join(folder, found.file)));
});
attach(http, createCounterRegister(), { path: "/ws" });
http.listen(Number(process.env.PORT ?? 3000), () => {
  const address = http.address();
  if (typeof address === "object" && address !== null) console.log(`http://localhost:${address.port}`);
});
