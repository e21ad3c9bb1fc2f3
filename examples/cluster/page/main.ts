// The chat's own page, with a strip on top that shows the processes behind it. Decides nothing about the chat.
import { client } from "../../chat/page/main.ts";
import type { ProcessStatus } from "../status.ts";
import { Strip } from "./strip.ts";

const strip = new Strip((name) => fetch(`/cluster/kill?process=${name}`, { method: "POST" }));

// Comes back by itself.
new EventSource("/cluster/status").addEventListener("message", ({ data }: MessageEvent<string>) => {
  const processes: readonly ProcessStatus[] = JSON.parse(data);
  strip.show(processes);
});

client.onStateChange(async (status) => {
  strip.home = undefined;
  if (status !== "open") return;
  try {
    strip.home = (await client.request("chat:node")).node;
  } catch {
    // The connection went again; the next one asks again.
  }
});
