// Every attack over the connectors of Node's frameworks. A new one is a program in attacked/ and a line here.
import { it } from "vitest";
import { nodeSubject } from "../attacks/subject.ts";
import { attackSuite } from "../attacks/suite.ts";
import { HAS_UWS, needsUws } from "./uws-binary.ts";

const programs = "test/frameworks/attacked";

attackSuite([
  nodeSubject("express", `${programs}/express.ts`),
  nodeSubject("koa", `${programs}/koa.ts`),
  nodeSubject("fastify", `${programs}/fastify.ts`),
  nodeSubject("hono", `${programs}/hono.ts`),
  nodeSubject("nest", `${programs}/nest.ts`),
  nodeSubject("h3", `${programs}/h3.ts`),
  ...(HAS_UWS ? [nodeSubject("uws", `${programs}/uws.ts`)] : []),
]);

it("uWebSockets.js is here", needsUws);
