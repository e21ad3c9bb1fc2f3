// Renders the page on a server.
import { StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { App } from "./app.tsx";

/** The page as HTML. */
export const render = (url: string) =>
  renderToString(
    <StrictMode>
      <App url={url} />
    </StrictMode>,
  );
