// The connector contract's server as Durable Objects, one for each path.
import { ZapDurableObject } from "../../../src/connectors/cloudflare.ts";
import { createContractApp, createContractApps } from "../../contracts/app.ts";
import { createGuardedApp } from "../../contracts/guarded-app.ts";
import { othersBeside } from "../others.ts";

/** A namespace of Durable Objects, as far as it is used here. */
interface Namespace {
  idFromName(name: string): unknown;
  get(id: unknown): { fetch(request: Request): Promise<Response> };
}

interface Env {
  readonly OPEN: Namespace;
  readonly GUARDED: Namespace;
}

export class Open extends ZapDurableObject(() => createContractApp()) {
  override async fetch(request: Request): Promise<Response> {
    return request.method === "POST" ? drained(this.register) : super.fetch(request);
  }
}

export class Guarded extends ZapDurableObject(() => createGuardedApp()) {
  override async fetch(request: Request): Promise<Response> {
    return request.method === "POST" ? drained(this.register) : super.fetch(request);
  }
}

async function drained(register: { close(): Promise<void> }): Promise<Response> {
  await register.close();
  return new Response("drained");
}

const others = othersBeside(createContractApps());

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname } = new URL(request.url);
    const objects = new Map([
      ["/ws", env.OPEN.get(env.OPEN.idFromName("/ws"))],
      ["/other", env.OPEN.get(env.OPEN.idFromName("/other"))],
      ["/guarded", env.GUARDED.get(env.GUARDED.idFromName("/guarded"))],
    ]);
    if (pathname !== "/drain") return objects.get(pathname)?.fetch(request) ?? others(request);
    const answers = [...objects.values()].map((object) => object.fetch(new Request(request.url, { method: "POST" })));
    await Promise.all(answers);
    return new Response("drained");
  },
};
