// A plain WebSocket that writes and reads as the sources of the Dart sibling's client do. Knows no server.
import { once } from "node:events";
import { WebSocket } from "ws";
import type { Ending, Envelope, SiblingClient } from "./driven-client.ts";

/**
 * What Dart's decoder makes of a frame, or what it throws: there has to be a name, and headers that are there have to be
 * a map.
 */
export function readAsDart(text: string): Envelope {
  const { eventName, payload = null, headers } = JSON.parse(text);
  if (typeof eventName !== "string") throw new TypeError("eventName key not found");
  const isMap = typeof (headers ?? {}) === "object" && !Array.isArray(headers);
  if (!isMap) throw new TypeError("headers are no Map<String, dynamic>");
  return { eventName, payload, headers: headers ?? {} };
}

/** A frame as Dart's client writes it: headers always and first, and a map. */
function writeAsDart(eventName: string, payload: unknown, headers: object = {}): string {
  return JSON.stringify({ headers, eventName, payload });
}

/** A plain WebSocket that writes and reads like the Dart sibling's client, and closes without a code like it. */
export async function dartLikeClient(url: string): Promise<SiblingClient> {
  const socket = new WebSocket(url);
  const got: Envelope[] = [];
  const waiting = new Set<() => void>();
  let failure: unknown;
  const wake = () => {
    for (const resolve of waiting) resolve();
    waiting.clear();
  };
  socket.on("message", (data) => {
    try {
      got.push(readAsDart(data.toString()));
    } catch (error) {
      failure = error;
    }
    wake();
  });
  const closed = new Promise<Ending>((resolve) => {
    socket.once("close", (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  closed.then(wake);
  await once(socket, "open");
  return {
    got,
    closed,
    send: (eventName, payload, headers) => socket.send(writeAsDart(eventName, payload, headers)),
    async next(fits) {
      for (;;) {
        const found = got.find(fits);
        if (failure !== undefined) throw failure;
        if (found !== undefined) return found;
        if (socket.readyState === WebSocket.CLOSED) throw new Error("It closed before that came.");
        await new Promise<void>((resolve) => waiting.add(resolve));
      }
    },
    close: () => socket.close(),
    stop: () => socket.terminate(),
  };
}
