// Renders the page on a server.
import { renderToString } from "solid-js/web";
import { App } from "./app.tsx";

/** The page as HTML. */
export const render = (url: string) => renderToString(() => <App url={url} />);
