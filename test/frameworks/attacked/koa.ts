// Under attack: a register attached to Koa.
import { createServer } from "node:http";
import Koa from "koa";
import { KoaConnector } from "../../../src/connectors/koa.ts";
import { createApplication } from "../../attacks/application.ts";
import { IN_TIME, readyOn } from "../../attacks/node-program.ts";

const app = new Koa();
// It would log each request that breaks off, in lines of its own.
app.silent = true;
const server = createServer(IN_TIME, app.callback());
await readyOn(server, KoaConnector.attach(server, createApplication([server]), { app }));
