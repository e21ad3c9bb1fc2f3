// A WebSocket that shows what passes through it. The client is given it in place of the browser's own, and notices
// nothing. Knows no envelopes.
import type { Frame } from "./frames.ts";

/**
 * Makes the class of such sockets.
 *
 * @param show - Gets every text frame, in the order they pass: those sent before they leave, those received before the
 *   client has seen them.
 */
export function tapped(show: (frame: Frame) => void): typeof WebSocket {
  return class TappedSocket extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
        if (typeof data === "string") show({ way: "in", text: data, at: Date.now() });
      });
    }

    override send(data: Parameters<WebSocket["send"]>[0]): void {
      if (typeof data === "string") show({ way: "out", text: data, at: Date.now() });
      super.send(data);
    }
  };
}
