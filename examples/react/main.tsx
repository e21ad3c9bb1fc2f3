// The page's script: provides the client, and renders.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Counter } from "./counter.tsx";
import { ZapProvider } from "./zap.ts";

const app = document.getElementById("app");
if (app !== null) {
  createRoot(app).render(
    <StrictMode>
      <ZapProvider url={`ws://${location.host}/ws`}>
        <Counter />
      </ZapProvider>
    </StrictMode>,
  );
}
