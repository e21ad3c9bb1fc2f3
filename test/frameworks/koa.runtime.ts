// The connector contract over Koa, and its middleware before the upgrade.
import { once } from "node:events";
import { createServer } from "node:http";
import Koa from "koa";
import { afterEach, describe, expect, it } from "vitest";
import { EventRegister } from "zaptools";
import { KoaConnector } from "zaptools/koa";
import { createContractApps } from "../contracts/app.ts";
import { connectorContract } from "../contracts/connector.ts";
import { contractServer } from "../contracts/node-server.ts";
import { Peer } from "../contracts/peer.ts";
import { rawUpgrade, refusal } from "../contracts/wire.ts";
import type { ContractServer } from "../contracts/world.ts";

connectorContract("koa", (company) => {
  const app = new Koa();
  app.use(async (context, next) => {
    if (context.path === "/page") context.body = "page";
    else if (context.path !== "/drain") return next();
    else await Promise.all(attachments.map((attachment) => attachment.close()));
  });
  const server = createServer(app.callback());
  const attachments = createContractApps().entries.map(([path, register]) =>
    KoaConnector.attach(server, register, { path, app }),
  );
  return contractServer(server, company);
});

describe("a Koa application before the upgrade", () => {
  let server: ContractServer;
  afterEach(() => server.stop());

  /** A server whose upgrades pass through `app`. */
  const serve = async (app: Koa, register = new EventRegister()) => {
    const http = createServer(app.callback());
    KoaConnector.attach(http, register, { app });
    server = await contractServer(http, "alone");
    return server.url;
  };

  it("gives authenticate what its middleware has put into the context", async () => {
    const app = new Koa();
    app.use(async (context, next) => {
      context.state.user = context.get("X-User");
      await next();
    });
    const register = new EventRegister(undefined, {
      authenticate: ({ source }) => ({ id: (source as Koa.Context).state.user }),
    });
    register.onEvent("whoami", ({ connection }) => connection.principal);
    const peer = await Peer.open(`${await serve(app, register)}/ws`, { headers: { "X-User": "ada" } });
    expect(await peer.ask("whoami")).toEqual({ id: "ada" });
    peer.close();
  });

  it("refuses with what it answers itself", async () => {
    const app = new Koa();
    app.use((context) => {
      context.status = 402;
      context.set("X-Plan", "free");
      context.body = "pay first";
    });
    const answer = await refusal(`${await serve(app)}/ws`);
    expect(answer).toMatchObject({ status: 402, headers: { "x-plan": "free" }, body: "pay first" });
  });

  it("refuses with the status of what it throws", async () => {
    const app = new Koa();
    app.use((context) => context.throw(403, "not you"));
    expect(await refusal(`${await serve(app)}/ws`)).toMatchObject({ status: 403, body: "not you" });
  });

  it("has done with the request then: a link that is cut later is no error of it", async () => {
    const app = new Koa();
    const errors: unknown[] = [];
    app.on("error", (error) => errors.push(error));
    const register = new EventRegister();
    const ended = new Promise((resolve) => register.onEvent("disconnected", ({ payload }) => resolve(payload.code)));
    const socket = rawUpgrade(`${await serve(app, register)}/ws`);
    await once(socket, "data");
    socket.resetAndDestroy();
    expect(await ended).toBe(1006);
    expect(errors).toEqual([]);
  });

  it("may answer every path, when accept comes before", async () => {
    const app = new Koa();
    app.use((context, next) => (context.path === "/ws" ? KoaConnector.accept(context, next) : next()));
    app.use((context) => {
      context.body = "everything";
    });
    const url = await serve(app);
    const peer = await Peer.open(`${url}/ws`);
    peer.close();
    expect(await (await fetch(`${url.replace("ws:", "http:")}/ws`)).text()).toBe("everything");
  });
});
