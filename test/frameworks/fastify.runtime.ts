// The connector contract over Fastify, and how it ends.
import websocket from "@fastify/websocket";
import Fastify, { type FastifyRequest } from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { EventRegister } from "zaptools";
import { FastifyConnector } from "zaptools/fastify";
import { createContractApps } from "../contracts/app.ts";
import { connectorContract } from "../contracts/connector.ts";
import { answersNeighbour } from "../contracts/facts.ts";
import { contractServer } from "../contracts/node-server.ts";
import { Peer } from "../contracts/peer.ts";
import { refusal } from "../contracts/wire.ts";

connectorContract(
  "fastify",
  async (company) => {
    const apps = createContractApps();
    const app = Fastify();
    await app.register(websocket, FastifyConnector.options([apps["/ws"]]));
    for (const [path, register] of apps.entries) {
      const preValidation = FastifyConnector.admit(register);
      app.get(path, { websocket: true, preValidation }, (socket, request) =>
        FastifyConnector.plug(register, socket, request).startEventStream(),
      );
    }
    app.get("/page", async () => "page");
    app.post("/drain", async () => {
      await apps.close();
      return "drained";
    });
    await app.listen({ port: 0, host: "127.0.0.1" });
    return contractServer(app.server, company);
  },
  {
    "other upgrades": (world) => answersNeighbour(world, 404),
  },
);

describe("Fastify", () => {
  const app = Fastify();
  afterEach(() => app.close());

  it("closes all connections with 1012 when it closes, once handlers have answered, and refuses others with 503", async () => {
    const register = new EventRegister(undefined, {
      authenticate: ({ source }) => ({ id: String((source as FastifyRequest).headers["x-user"]) }),
    });
    register.onEvent("whoami", ({ connection }) => connection.principal);
    let work = () => {};
    const started = new Promise<void>((resolve) => {
      register.onEvent("work", () => {
        resolve();
        return new Promise<string>((done) => {
          work = () => done("done");
        });
      });
    });
    await app.register(websocket, FastifyConnector.options([register]));
    app.get("/ws", { websocket: true }, (socket, request) => {
      FastifyConnector.plug(register, socket, request).startEventStream();
    });
    const url = (await app.listen({ port: 0, host: "127.0.0.1" })).replace("http", "ws");
    const peer = await Peer.open(`${url}/ws`, { headers: { "X-User": "ada" } });
    expect(await peer.ask("whoami")).toEqual({ id: "ada" });
    const answer = peer.ask("work");
    await started;
    const closed = app.close();
    expect(await refusal(`${url}/ws`)).toMatchObject({ status: 503 });
    work();
    expect(await answer).toBe("done");
    expect(await peer.closed).toMatchObject({ code: 1012 });
    await closed;
  });
});
