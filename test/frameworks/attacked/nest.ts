// Under attack: NestJS through our adapter.
import "reflect-metadata";
import type { Server } from "node:http";
import { Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { WebSocketGateway } from "@nestjs/websockets";
import { ZapWsAdapter } from "../../../src/connectors/nest.ts";
import { createApplication } from "../../attacks/application.ts";
import { IN_TIME, readyOn } from "../../attacks/node-program.ts";

const register = createApplication();

@WebSocketGateway({ path: "/ws", register })
class Gateway {}

@Module({ providers: [Gateway] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: false });
app.useWebSocketAdapter(new ZapWsAdapter(app, register));
await app.listen(0, "127.0.0.1");
const server = app.getHttpServer() as Server;
Object.assign(server, IN_TIME);
await readyOn(server, register);
