// The page: says hello whenever it is connected, and shows the answer.
import { ZapClient } from "zaptools/client";

const client = new ZapClient(`ws://${location.host}/ws`);
client.onEvent("hello", ({ payload }) => {
  const output = document.querySelector("output");
  if (output !== null) output.textContent = String(payload);
});
client.onStateChange((state) => {
  if (state === "open") client.send("hello", null);
});
client.connect();
