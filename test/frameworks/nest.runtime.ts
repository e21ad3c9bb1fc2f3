// The connector contract over NestJS: through our adapter, and through Nest's own.
import "reflect-metadata";
import type { IncomingMessage, Server } from "node:http";
import { Controller, Get, type INestApplication, Inject, Module, Post } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { WsAdapter } from "@nestjs/platform-ws";
import { WebSocketGateway } from "@nestjs/websockets";
import { expect } from "vitest";
import type { WebSocket } from "ws";
import { NestConnector, ZapWsAdapter } from "zaptools/nest";
import { createContractApps } from "../contracts/app.ts";
import { connectorContract } from "../contracts/connector.ts";
import { JUDGED_AFTERWARDS } from "../contracts/facts.ts";
import { contractServer } from "../contracts/node-server.ts";
import { answerOf, rawUpgrade } from "../contracts/wire.ts";
import { httpOf, type Start } from "../contracts/world.ts";

type Apps = ReturnType<typeof createContractApps>;

@Controller()
class Pages {
  constructor(@Inject("apps") readonly apps: Apps) {}

  @Get("page")
  page(): string {
    return "page";
  }

  @Post("drain")
  async drain(): Promise<void> {
    await this.apps.close();
  }
}

/** Starts an application with these gateways. */
async function listen(
  apps: Apps,
  gateways: readonly (new () => object)[],
  adapt: (app: INestApplication) => void,
  company: Parameters<Start>[0],
) {
  @Module({ controllers: [Pages], providers: [...gateways, { provide: "apps", useValue: apps }] })
  class AppModule {}
  const app = await NestFactory.create(AppModule, { logger: false });
  adapt(app);
  await app.listen(0, "127.0.0.1");
  const server = await contractServer(app.getHttpServer() as Server, company);
  return server;
}

connectorContract("nest", (company) => {
  const apps = createContractApps();
  const gateways = apps.entries.map(([path, register]) => {
    @WebSocketGateway({ path, register })
    class Gateway {}
    return Gateway;
  });
  return listen(apps, gateways, (app) => app.useWebSocketAdapter(new ZapWsAdapter(app, apps["/ws"])), company);
});

connectorContract(
  "nest (plug)",
  (company) => {
    const apps = createContractApps();
    const gateways = apps.entries.map(([path, register]) => {
      @WebSocketGateway({ path })
      class Gateway {
        handleConnection(socket: WebSocket, request: IncomingMessage): void {
          NestConnector.plug(register, socket, request).startEventStream();
        }
      }
      return Gateway;
    });
    return listen(apps, gateways, (app) => app.useWebSocketAdapter(new WsAdapter(app)), company);
  },
  {
    ...JUDGED_AFTERWARDS,
    async "other requests"({ url }) {
      expect(await (await fetch(`${httpOf(url)}/page`)).text()).toBe("page");
      await expect(answerOf(rawUpgrade(`${url}/nowhere`), "head")).rejects.toThrow("closed after: ");
    },
    async "other upgrades"(world) {
      const server = await world.start("beside another");
      await expect(answerOf(rawUpgrade(`${server.url}/hmr`), "head")).rejects.toThrow("closed after: ");
      await server.stop();
    },
  },
);
