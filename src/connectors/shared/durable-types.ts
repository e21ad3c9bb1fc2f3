// The parts of a Worker's runtime that its connector uses, described structurally.
import type { Carried } from "../../core/carried.ts";
import type { WhatwgSocket } from "./whatwg-types.ts";

/** A socket of a Durable Object: it keeps an attachment while the object sleeps. */
export interface DurableSocket extends WhatwgSocket {
  /** Throws for what cannot be cloned, or is over 16,384 bytes. */
  serializeAttachment(attachment: unknown): void;
  deserializeAttachment(): unknown;
}

/** The part of a Durable Object's `ctx` that is used here. */
export interface DurableContext {
  /** From here on the runtime calls the object's `webSocket…` methods for this socket, and may let it sleep. */
  acceptWebSocket(socket: DurableSocket): void;
  /** All sockets that were accepted so, also before the object slept. */
  getWebSockets(): readonly DurableSocket[];
  /** Has the runtime answer one text with another, without waking the object. */
  setWebSocketAutoResponse(pair: unknown): void;
}

/** What is attached to a socket, under a name that tells our sockets from those of others. */
export interface Attachment {
  readonly zap: {
    readonly carried: Carried;
    readonly url: string;
    readonly address: string | undefined;
  };
}

/** Whether an attachment is ours. */
export function isAttachment(value: unknown): value is Attachment {
  return typeof value === "object" && value !== null && "zap" in value && value.zap !== null;
}
