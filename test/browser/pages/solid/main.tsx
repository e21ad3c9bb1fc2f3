// Renders the page.
import { render } from "solid-js/web";
import { App } from "./app.tsx";

const app = document.getElementById("app");
if (app !== null) render(() => <App url={`ws://${location.host}/ws`} />, app);
