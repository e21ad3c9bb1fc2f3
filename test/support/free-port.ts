// Finds a port nobody listens at, outside of the range from which systems take ports for outgoing connections.
import { createServer } from "node:net";

const FIRST = 20_000;
const LAST = 29_999;

// Test files run in processes of their own: each begins somewhere else.
let next = FIRST + ((process.pid * 37) % (LAST - FIRST));

/** A port that is free now. The same process is given another one each time. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = next;
    next = port === LAST ? FIRST : port + 1;
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
