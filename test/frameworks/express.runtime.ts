// The connector contract over Express, and its middleware before the upgrade.
import { createServer } from "node:http";
import express, { type RequestHandler } from "express";
import session from "express-session";
import { afterEach, describe, expect, it } from "vitest";
import { EventRegister } from "zaptools";
import { ExpressConnector, type ExpressHandler } from "zaptools/express";
import { createContractApps } from "../contracts/app.ts";
import { connectorContract } from "../contracts/connector.ts";
import { contractServer } from "../contracts/node-server.ts";
import { Peer } from "../contracts/peer.ts";
import { rawUpgrade, refusal } from "../contracts/wire.ts";
import type { ContractServer } from "../contracts/world.ts";
import { until } from "../support/node-server.ts";

connectorContract("express", (company) => {
  const app = express();
  app.get("/page", (_request, response) => void response.send("page"));
  app.post("/drain", async (_request, response) => {
    await Promise.all(attachments.map((attachment) => attachment.close()));
    response.end();
  });
  const server = createServer(app);
  const attachments = createContractApps().entries.map(([path, register]) =>
    ExpressConnector.attach(server, register, { path, app }),
  );
  return contractServer(server, company);
});

interface Session {
  user?: string;
}

const sessionOf = (request: unknown): Session => (request as { session: Session }).session;

describe("an Express application before the upgrade", () => {
  let server: ContractServer;
  afterEach(() => server.stop());

  /** A server whose upgrades pass through `app`. */
  const serve = async (app: ExpressHandler, register = new EventRegister()) => {
    const http = createServer(app as RequestHandler as never);
    ExpressConnector.attach(http, register, { app });
    server = await contractServer(http, "alone");
    return server.url;
  };

  it("gives authenticate the session of the browser that logged in", async () => {
    const app = express();
    app.use(session({ secret: "s", resave: false, saveUninitialized: false }));
    app.post("/login", (request, response) => {
      sessionOf(request).user = "ada";
      response.end();
    });
    const authenticate = ({ source }: { source?: unknown }) => {
      const { user } = sessionOf(source);
      return user === undefined ? undefined : { id: user };
    };
    const register = new EventRegister(undefined, { authenticate });
    register.onEvent("whoami", ({ connection }) => connection.principal);
    const url = await serve(app, register);
    expect(await refusal(`${url}/ws`)).toMatchObject({ status: 401 });
    const login = await fetch(`${url.replace("ws", "http")}/login`, { method: "POST" });
    const cookie = login.headers.get("set-cookie") ?? "";
    const peer = await Peer.open(`${url}/ws`, { headers: { Cookie: cookie } });
    expect(await peer.ask("whoami")).toEqual({ id: "ada" });
    peer.close();
  });

  it("refuses with what it answers itself", async () => {
    const app = express();
    app.use((_request, response) => void response.status(402).set("X-Plan", "free").json({ pay: "first" }));
    const answer = await refusal(`${await serve(app)}/ws`);
    expect(answer).toMatchObject({ status: 402, headers: { "x-plan": "free" }, body: '{"pay":"first"}' });
  });

  it("may answer every path, when accept comes before", async () => {
    const app = express();
    app.get("/ws", ExpressConnector.accept);
    app.use((_request, response) => void response.sendStatus(404));
    const url = await serve(app);
    const peer = await Peer.open(`${url}/ws`);
    peer.close();
    expect((await fetch(`${url.replace("ws:", "http:")}/ws`)).status).toBe(404);
  });

  it("refuses with the status of an error that is passed on", async () => {
    const app = express();
    app.use((_request, _response, next) => next(Object.assign(new Error("no"), { status: 418 })));
    expect(await refusal(`${await serve(app)}/ws`)).toMatchObject({ status: 418, body: "Not accepted." });
  });

  it("survives a peer that goes while it takes its time, and hears nothing of it afterwards", async () => {
    let go = () => {};
    let asked = 0;
    const url = await serve((_request: never, _response: never, next: () => void) => {
      asked++;
      go = next;
    });
    const going = rawUpgrade(`${url}/ws`);
    await until(() => asked === 1);
    going.resetAndDestroy();
    const peer = Peer.open(`${url}/ws`);
    await until(() => asked === 2);
    go();
    (await peer).close();
  });

  it("is not waited for longer than authentication may take", async () => {
    const register = new EventRegister(undefined, { limits: { authenticationMs: 20 } });
    expect(await refusal(`${await serve(() => {}, register)}/ws`)).toMatchObject({ status: 503 });
  });
});
