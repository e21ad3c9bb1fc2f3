// The line between a server and the bench: says where it listens, answers what it is asked. Knows no WebSockets.
// What is asked comes as a word on a line of stdin; the answer is one line of JSON on stdout.

/** Settling takes more than one collection: finalizers run between them. */
const COLLECTIONS = 4;
const BETWEEN_MS = 100;

/** Announces the port, then answers `memory` (bytes resident after a collection) until stdin ends. */
export function listening(port) {
  say({ port });
  process.stdin.setEncoding("utf8");
  process.stdin.on("data", async (text) => {
    for (const word of text.split("\n")) {
      if (word === "memory") say({ bytes: await residentBytes() });
    }
  });
  process.stdin.on("end", () => process.exit());
}

async function residentBytes() {
  for (let round = 0; round < COLLECTIONS; round++) {
    if (typeof globalThis.Bun === "object") globalThis.Bun.gc(true);
    else globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
  }
  return process.memoryUsage.rss();
}

function say(answer) {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
