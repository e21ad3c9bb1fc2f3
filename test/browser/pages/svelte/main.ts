// Renders the page, or takes over what a server has rendered.
import { hydrate, mount } from "svelte";
import App from "./App.svelte";

const target = document.getElementById("app");
const props = { url: `ws://${location.host}/ws` };
if (target?.firstElementChild) hydrate(App, { target, props });
else if (target) mount(App, { target, props });
