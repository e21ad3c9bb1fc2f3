// One process per core behind one port, each with a register of its own and an even share of the connections. The broker
// makes their rooms one: what is sent to a room reaches its members in all processes.
import cluster from "node:cluster";
import { availableParallelism } from "node:os";
import { EventRegister } from "zaptools";
import { clusterBroker, clusterHub } from "zaptools/cluster";
import { serve } from "zaptools/node";

const cores = Number(process.env.CORES ?? availableParallelism());
const port = Number(process.env.PORT ?? 3000);

if (cluster.isPrimary) runPrimary();
else await runWorker();

function runPrimary() {
  let listening = 0;
  clusterHub();
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
  const register = new EventRegister(undefined, { broker: clusterBroker() });

  register.onEvent("hello", ({ connection }) => connection.send("hello", `HELLO FROM PROCESS ${process.pid} !!!`));
  register.onEvent("join", async ({ connection, payload }) => {
    await connection.join(String(payload));
    const { members } = await register.connections.room(String(payload)).listMembers();
    return { process: process.pid, members: members.length };
  });
  register.onEvent("say", ({ connection, connections, payload }) =>
    Promise.all(connection.rooms.map((room) => connections.room(room).send("said", payload, { exclude: connection }))),
  );

  // From here on, what other processes send arrives.
  await register.connections.cluster.ready();
  const server = await serve(register, { port });
  process.on("message", async (message) => {
    // The broker uses the same channel.
    if (message !== "stop") return;
    await server.close({ drain: 1_000 });
    await register.connections.cluster.leave();
    process.disconnect();
  });
  // A terminal sends its signal to all processes; the primary is the one to answer it.
  process.on("SIGINT", () => {});
}
