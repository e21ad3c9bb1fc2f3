// Under attack: a register attached to an HTTP server that somebody else made.
import { createServer } from "node:http";
import { attach } from "../../../src/connectors/node.ts";
import { createApplication } from "../application.ts";
import { IN_TIME, readyOn } from "../node-program.ts";

const server = createServer(IN_TIME, (_request, response) => response.end("the application"));
await readyOn(server, attach(server, createApplication([server])));
