// The page's script: provides the client, and renders.
import { render } from "solid-js/web";
import { Counter } from "./counter.tsx";
import { ZapProvider } from "./zap.ts";

const app = document.getElementById("app");
if (app !== null) {
  render(
    () => (
      <ZapProvider url={`ws://${location.host}/ws`}>
        <Counter />
      </ZapProvider>
    ),
    app,
  );
}
