// Renders the page on a server.
import { createSSRApp } from "vue";
import { renderToString } from "vue/server-renderer";
import App from "./App.vue";

/** The page as HTML. */
export const render = (url: string) => renderToString(createSSRApp(App, { url }));
