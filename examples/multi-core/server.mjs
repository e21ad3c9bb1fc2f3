// One process per core behind one port: each has a register of its own and an even share of the connections.
// Rooms end at the process: carrying them further is a broker's work, and would be one option of the register below.
import cluster from "node:cluster";
import { availableParallelism } from "node:os";
import { EventRegister } from "zaptools";
import { serve } from "zaptools/node";

const cores = Number(process.env.CORES ?? availableParallelism());
const port = Number(process.env.PORT ?? 3000);

if (cluster.isPrimary) runPrimary();
else await runWorker();

function runPrimary() {
  let listening = 0;
  for (let core = 0; core < cores; core++) cluster.fork();
  cluster.on("listening", (_worker, address) => {
    if (++listening === cores) console.log(`${cores} processes at ws://localhost:${address.port}/ws`);
  });
  cluster.on("exit", (_worker, code) => {
    if (code !== 0) cluster.fork();
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stopWorkers);
}

function stopWorkers() {
  for (const worker of Object.values(cluster.workers ?? {})) worker?.send("stop");
}

async function runWorker() {
  const register = new EventRegister();

  register.onEvent("hello", ({ connection }) => connection.send("hello", `HELLO FROM PROCESS ${process.pid} !!!`));
  register.onEvent("join", async ({ connection, payload }) => {
    await connection.join(String(payload));
    return { process: process.pid, members: register.connections.room(String(payload)).size };
  });
  register.onEvent("say", ({ connection, connections, payload }) =>
    Promise.all(connection.rooms.map((room) => connections.room(room).send("said", payload, { exclude: connection }))),
  );

  const server = await serve(register, { port });
  process.on("message", async () => {
    await server.close({ drain: 1_000 });
    process.disconnect();
  });
  // A terminal sends its signal to all processes; the primary is the one to answer it.
  process.on("SIGINT", () => {});
}
