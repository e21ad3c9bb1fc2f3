// Renders the page, or takes over what a server has rendered; in StrictMode, which mounts everything twice.
// At #connected it does so with a client that is open before.
import { StrictMode } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { ZapClient } from "zaptools/client";
import type { Probe } from "../contract.ts";
import { App } from "./app.tsx";

const app = document.getElementById("app");
const url = `ws://${location.host}/ws`;
const client = location.hash === "#connected" ? new ZapClient<Probe>(url) : undefined;
await client?.connect();
const page = (
  <StrictMode>
    <App url={url} client={client} />
  </StrictMode>
);
if (app?.firstElementChild) hydrateRoot(app, page);
else if (app) createRoot(app).render(page);
