// The sockets of one Durable Object: feeds their processors, and has what they carry kept while the object sleeps.
// Accepts none itself.
import type { Admitted } from "../../core/admission-verdict.ts";
import { carriedBy } from "../../core/carried.ts";
import type { AnyConnection } from "../../core/connection-link.ts";
import type { AnyProcessor } from "../../core/event-processor.ts";
import type { Pluggable } from "../../core/register-base.ts";
import type { Handshake } from "../../core/transport.ts";
import { CloseCode } from "../../protocol/close-codes.ts";
import { notCarried } from "../../protocol/errors.ts";
import { type DurableContext, type DurableSocket, isAttachment } from "./durable-types.ts";
import { WhatwgTransport } from "./whatwg-transport.ts";

/** A processor that tells its connection. */
export type DurableProcessor = AnyProcessor & { readonly connection: AnyConnection };

/** A register whose connections are those of one Durable Object. */
export type DurableRegister = Pluggable<DurableProcessor>;

/** One connection. */
interface Session {
  readonly processor: DurableProcessor;
  readonly url: string;
  readonly address: string | undefined;
}

const OPEN = 1;

// So long after the last event everything is kept, once; a timer that is set keeps the object awake until then.
const KEEP_AFTER_MS = 250;

// Under this name `error` handlers hear of what cannot be kept.
const KEEP = "zap:keep";

class DurableTransport extends WhatwgTransport {
  readonly sleeps = true;
  readonly rested: () => void;

  constructor(socket: DurableSocket, rested: () => void) {
    super(socket);
    this.rested = rested;
  }
}

/** The sockets that one object has accepted. */
export class DurableSockets {
  readonly #register: DurableRegister;
  readonly #sessions = new Map<DurableSocket, Session>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Has all connections that were there before the object slept go on. */
  constructor(register: DurableRegister, context: DurableContext) {
    this.#register = register;
    for (const socket of context.getWebSockets()) if (socket.readyState === OPEN) this.#sessionOf(socket);
    this.#checkAccess();
  }

  /** Plugs in a socket that the object has just accepted. */
  accept(socket: DurableSocket, admitted: Admitted): void {
    this.#checkAccess();
    this.#keep(socket, this.#plug(socket, admitted, admitted.handshake));
  }

  /** A frame came. */
  message(socket: DurableSocket, frame: unknown): void {
    this.#checkAccess();
    const processor = this.#sessionOf(socket)?.processor;
    if (typeof frame === "string") processor?.receive(frame);
    else processor?.receiveBinary();
  }

  /** The peer's end has closed. This end has to be closed too, or the peer would wait for that (RFC 6455, section 5.5.1). */
  closed(socket: DurableSocket, code: number, reason: string): void {
    this.#checkAccess();
    const session = this.#sessionOf(socket);
    if (code === CloseCode.noStatus) attempt(() => socket.close());
    else if (code !== CloseCode.abnormal && code !== TLS_FAILED) attempt(() => socket.close(code, reason));
    session?.processor.closed(code, reason);
  }

  /** Keeps what all connections carry now. Happens by itself after their events. */
  keep(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [socket, session] of this.#sessions) this.#keep(socket, session);
  }

  #sessionOf(socket: DurableSocket): Session | undefined {
    const known = this.#sessions.get(socket);
    if (known !== undefined) return known;
    const attachment = socket.deserializeAttachment();
    // Somebody else's, or one whose connection has ended.
    if (!isAttachment(attachment)) return undefined;
    const { carried, url, address } = attachment.zap;
    return this.#plug(socket, { url, address, headers: FORGOTTEN }, { url, address }, carried);
  }

  #plug(
    socket: DurableSocket,
    asking: Admitted | Handshake,
    { url, address }: Pick<Handshake, "url" | "address">,
    resume?: ReturnType<typeof carriedBy>,
  ): Session {
    const transport = new DurableTransport(socket, () => this.#keepSoon());
    const processor = this.#register.plug(transport, asking, resume === undefined ? {} : { resume });
    const session = { processor, url, address };
    this.#sessions.set(socket, session);
    processor.start({
      streamEnded: () => {
        this.#sessions.delete(socket);
        // Its close may yet come, after the object has slept: the connection must not end a second time.
        attempt(() => socket.serializeAttachment(null));
      },
    });
    return session;
  }

  #keepSoon(): void {
    this.#timer ??= setTimeout(() => this.keep(), KEEP_AFTER_MS);
  }

  #keep(socket: DurableSocket, { processor, url, address }: Session): void {
    if (!processor.isOpen) return;
    try {
      socket.serializeAttachment({ zap: { carried: carriedBy(processor.connection), url, address } });
    } catch (cause) {
      // What was kept before may say that it is in a room which it has left since.
      processor.report(KEEP, notCarried(cause));
      processor.close(CloseCode.internalError, "internal error");
    }
  }

  /** Timers would keep the object awake: so with each event it is looked who may not be here any more. */
  #checkAccess(): void {
    for (const { processor } of this.#sessions.values()) processor.checkAccess();
  }
}

const TLS_FAILED = 1015;

/** The headers of a request that was made before the object slept. */
const FORGOTTEN: Handshake["headers"] = { get: () => null };

function attempt(act: () => void): void {
  try {
    act();
  } catch {
    // The socket has closed on its own.
  }
}
