// Under attack: a register attached to Express.
import { createServer } from "node:http";
import express from "express";
import { ExpressConnector } from "../../../src/connectors/express.ts";
import { createApplication } from "../../attacks/application.ts";
import { IN_TIME, readyOn } from "../../attacks/node-program.ts";

const app = express();
const server = createServer(IN_TIME, app);
await readyOn(server, ExpressConnector.attach(server, createApplication([server]), { app }));
