// uWebSockets.js: the behavior of a path. Translates only.
import { type Admission, type Admitted, Rejected } from "../core/admission-verdict.ts";
import type { AnyProcessor } from "../core/event-processor.ts";
import type { Pluggable } from "../core/register-base.ts";
import { isHandshake, isUpgrade } from "./shared/fetch-upgrade.ts";
import { statusWithPhrase } from "./shared/http-status.ts";
import { type UwsApp, type UwsSocket, UwsTransport } from "./shared/uws-transport.ts";

export type { UwsApp, UwsSocket } from "./shared/uws-transport.ts";

/** The part of a request that is used here; it is gone when the upgrade handler returns. */
export interface UwsRequest {
  getUrl(): string;
  getQuery(): string;
  forEach(callback: (name: string, value: string) => void): void;
}

/** The part of a response that is used here. */
export interface UwsResponse {
  onAborted(handler: () => void): unknown;
  getRemoteAddressAsText(): ArrayBuffer;
  cork(callback: () => void): unknown;
  writeStatus(status: string): unknown;
  writeHeader(name: string, value: string): unknown;
  end(body: string, closeConnection: boolean): unknown;
  upgrade(data: UwsSocketData, key: string, protocol: string, extensions: string, context: unknown): void;
}

/** What a socket carries from its upgrade on. */
export interface UwsSocketData {
  /** Where its upgrade finds the socket, until it has closed. */
  readonly door: { socket?: UwsSocket<UwsSocketData> };
  transport?: UwsTransport;
  processor?: AnyProcessor;
}

/** What `app.ws` takes. */
export interface UwsBehavior {
  readonly compression: 0;
  readonly maxPayloadLength: number;
  readonly maxBackpressure: number;
  readonly idleTimeout: 0;
  readonly sendPingsAutomatically: false;
  upgrade(response: UwsResponse, request: UwsRequest, context: unknown): void;
  open(socket: UwsSocket<UwsSocketData>): void;
  message(socket: UwsSocket<UwsSocketData>, frame: ArrayBuffer, isBinary: boolean): void;
  drain(socket: UwsSocket<UwsSocketData>): void;
  ping(socket: UwsSocket<UwsSocketData>): void;
  pong(socket: UwsSocket<UwsSocketData>): void;
  close(socket: UwsSocket<UwsSocketData>, code: number, reason: ArrayBuffer): void;
}

// What uWebSockets.js counts these with: unsigned, 32 bits.
const LARGEST_LIMIT = 0xffff_ffff;

const NO_HANDSHAKE = { status: 400, headers: [], body: "This is no opening handshake of a WebSocket." };

// A byte order mark is a character like any other.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Registers on uWebSockets.js. */
export const UwsConnector = {
  /**
   * What `app.ws` takes for one path. The register is asked before the upgrade, and refuses with its response.
   *
   * @param app - The app itself: with it rooms are topics of uWebSockets.js, and a broadcast is one call.
   *
   * @example
   * const app = App();
   * app.ws("/ws", UwsConnector.behavior(register, app)).listen(8000, () => {});
   */
  behavior(register: Pluggable<AnyProcessor>, app?: UwsApp): UwsBehavior {
    const { envelopeBytes, bufferedBytes } = register.limits;
    return {
      compression: 0,
      // Twice as much: what is a little too large is refused with 1009, while uWebSockets.js would cut without a code.
      maxPayloadLength: Math.min(envelopeBytes * 2, LARGEST_LIMIT),
      // Beyond our own limit, so that ours decides and none of theirs drops a frame before.
      maxBackpressure: Math.min(bufferedBytes * 2 + envelopeBytes, LARGEST_LIMIT),
      // Silent peers are noticed by the register's own heartbeat.
      idleTimeout: 0,
      sendPingsAutomatically: false,
      upgrade(response, request, context) {
        const gone = new AbortController();
        response.onAborted(() => gone.abort());
        const headers = new Map<string, string>();
        request.forEach((name, value) => {
          const before = headers.get(name);
          headers.set(name, before === undefined ? value : `${before}, ${value}`);
        });
        const query = request.getQuery();
        const header = (name: string) => headers.get(name.toLowerCase()) ?? null;
        // uWebSockets.js takes any version, any upgrade, and any text as long as a key.
        const asking = { method: "GET", headers: { get: header } };
        if (!isUpgrade(asking) || !isHandshake(asking)) return refuse(response, NO_HANDSHAKE);
        const letIn = (admitted: Admitted) => {
          const door: UwsSocketData["door"] = {};
          const key = header("sec-websocket-key") ?? "";
          response.cork(() => response.upgrade({ door }, key, admitted.protocol ?? "", "", context));
          // Plugged in after the cork is off, and not in `open`: until mid-2026 the cork looked at memory that the upgrade had
          // given back, and closed the socket if what was put there meanwhile said so (uNetworking/uWebSockets, pull request
          // 1929).
          if (door.socket === undefined) return admitted.abandon();
          const data = door.socket.getUserData();
          data.transport = new UwsTransport(door.socket as UwsSocket<never>, app);
          data.processor = register.plug(data.transport, admitted);
          data.processor.start();
        };
        const settle = (admission: Admission) => {
          if (admission instanceof Rejected) {
            if (!gone.signal.aborted) response.cork(() => refuse(response, admission));
          } else if (gone.signal.aborted) admission.abandon();
          else letIn(admission);
        };
        const admission = register.admit({
          url: query === "" ? request.getUrl() : `${request.getUrl()}?${query}`,
          headers: { get: header },
          address: decoder.decode(response.getRemoteAddressAsText()),
          secure: false,
          gone: gone.signal,
        });
        if (admission instanceof Promise) admission.then(settle);
        else settle(admission);
      },
      open(socket) {
        socket.getUserData().door.socket = socket;
      },
      message(socket, frame, isBinary) {
        if (isBinary) socket.getUserData().processor?.receiveBinary();
        else socket.getUserData().processor?.receive(decoder.decode(frame));
      },
      drain: (socket) => socket.getUserData().processor?.drained(),
      ping: (socket) => socket.getUserData().processor?.heard("ping"),
      pong: (socket) => socket.getUserData().processor?.heard("pong"),
      close(socket, code, reason) {
        const { door, transport, processor } = socket.getUserData();
        delete door.socket;
        transport?.closed();
        processor?.closed(code, decoder.decode(reason));
      },
    };
  },
};

function refuse(response: UwsResponse, { status, headers, body }: Pick<Rejected, "status" | "headers" | "body">): void {
  response.writeStatus(statusWithPhrase(status));
  for (const [name, value] of headers) response.writeHeader(name, value);
  response.end(body, true);
}
