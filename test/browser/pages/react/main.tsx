// Renders the page, or takes over what a server has rendered; in StrictMode, which mounts everything twice.
import { StrictMode } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { App } from "./app.tsx";

const app = document.getElementById("app");
const page = (
  <StrictMode>
    <App url={`ws://${location.host}/ws`} />
  </StrictMode>
);
if (app?.firstElementChild) hydrateRoot(app, page);
else if (app) createRoot(app).render(page);
