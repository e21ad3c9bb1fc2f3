// Renders the page, or takes over what a server has rendered.
import { createApp, createSSRApp } from "vue";
import App from "./App.vue";

const isRendered = document.querySelector("#app > *") !== null;
(isRendered ? createSSRApp : createApp)(App, { url: `ws://${location.host}/ws` }).mount("#app");
