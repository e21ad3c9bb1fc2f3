// What a server under attack does besides serving: says where it listens, and stops when it is asked to. Runs on any
// runtime; never calls process.exit(), for the process has to end by itself.

/** Prints the port once the server listens; `stop` runs at SIGTERM. */
export function ready(port: number, stop: () => unknown): void {
  process.once("SIGTERM", async () => {
    await stop();
    console.log("stopped");
  });
  console.log(port);
}
