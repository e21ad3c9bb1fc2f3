// The connector contract's server as a Worker.
import { CloudflareConnector, type WorkerFetch } from "../../../src/connectors/cloudflare.ts";
import { createContractApps } from "../../contracts/app.ts";
import { othersBeside } from "../others.ts";

const apps = createContractApps();

export default {
  fetch: apps.entries.reduce<WorkerFetch>(
    (otherwise, [path, register]) => CloudflareConnector.fetch(register, { path, otherwise }),
    othersBeside(apps),
  ),
};
