// Renders the page on a server.
import { render as renderComponent } from "svelte/server";
import App from "./App.svelte";

/** The page as HTML. */
export const render = (url: string) => renderComponent(App, { props: { url } }).body;
