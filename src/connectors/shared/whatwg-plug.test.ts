import { describe, expect, expectTypeOf, it } from "vitest";
import { MemoryLog } from "../../../test/support/memory-log.ts";
import { flushed, HANDSHAKE } from "../../../test/support/memory-peer.ts";
import { EventRegister } from "../../rooms/event-register.ts";
import { plugWhatwg } from "./whatwg-plug.ts";
import { WhatwgTransport } from "./whatwg-transport.ts";
import type { WhatwgEvent, WhatwgSocket } from "./whatwg-types.ts";

// States that a socket passes in an instant, and that no server can be asked for: they are set by hand here.
class ScriptedSocket implements WhatwgSocket {
  readyState = 1;
  bufferedAmount = 0;
  binaryType = "blob";
  readonly sent: string[] = [];
  readonly closes: unknown[][] = [];
  onopen?: (event: WhatwgEvent) => void;
  onmessage?: (event: WhatwgEvent) => void;
  onclose?: (event: WhatwgEvent) => void;

  send(text: string): void {
    if (this.readyState !== 1) throw new Error("InvalidStateError");
    this.sent.push(text);
  }

  close(...given: unknown[]): void {
    this.closes.push(given);
  }
}

function newRegister() {
  return new EventRegister(undefined, { logger: new MemoryLog() });
}

describe("a WHATWG socket", () => {
  it("that is still connecting gets what is sent, in order, once it is open", async () => {
    const register = newRegister();
    register.onEvent("connected", ({ connection }) => {
      connection.send("first");
      connection.send("second");
    });
    const socket = new ScriptedSocket();
    socket.readyState = 0;
    plugWhatwg(register, socket, HANDSHAKE, undefined).start();
    await flushed();
    expect(socket.sent).toEqual([]);
    socket.readyState = 1;
    socket.onopen?.({});
    expect(socket.sent.map((text) => JSON.parse(text).eventName)).toEqual(["first", "second"]);
  });

  it("that is still connecting is closed with its code once it is open", () => {
    const socket = new ScriptedSocket();
    socket.readyState = 0;
    const transport = new WhatwgTransport(socket);
    transport.close(4401, "no");
    expect(socket.closes).toEqual([]);
    socket.readyState = 1;
    transport.opened();
    expect(socket.closes).toEqual([[4401, "no"]]);
  });

  it("counts what it has not been given yet as buffered", () => {
    const socket = new ScriptedSocket();
    socket.readyState = 0;
    const transport = new WhatwgTransport(socket);
    expect(transport.send("four")).toBe("queued");
    expect(transport.bufferedAmount()).toBe(4);
    socket.readyState = 1;
    transport.opened();
    expect(transport.bufferedAmount()).toBe(0);
  });

  it("that takes no such code is closed without one, rather than not at all", () => {
    const socket = new ScriptedSocket();
    const closes: unknown[][] = [];
    socket.close = (...given) => {
      if (given[0] !== undefined) throw new Error("InvalidAccessError");
      closes.push(given);
    };
    new WhatwgTransport(socket).close(1012, "draining");
    expect(closes).toEqual([[undefined, undefined]]);
  });

  it("never throws for a send that comes too late", () => {
    const socket = new ScriptedSocket();
    const transport = new WhatwgTransport(socket);
    socket.send = () => {
      throw new Error("InvalidStateError");
    };
    expect(transport.send("late")).toBe("dropped");
    socket.readyState = 3;
    expect(transport.send("later")).toBe("dropped");
  });

  it("that reports code 0 for a lost link is read as 1006", async () => {
    const register = newRegister();
    const codes: number[] = [];
    register.onEvent("disconnected", ({ payload }) => codes.push(payload.code));
    const socket = new ScriptedSocket();
    plugWhatwg(register, socket, HANDSHAKE, undefined).start();
    await flushed();
    socket.onclose?.({ code: 0, reason: "" });
    await flushed();
    expect(codes).toEqual([1006]);
  });

  it("that had closed before it was plugged in ends at once", async () => {
    const socket = new ScriptedSocket();
    socket.readyState = 3;
    const register = newRegister();
    await plugWhatwg(register, socket, HANDSHAKE, undefined).startEventStream();
    expect(register.connections.size).toBe(0);
  });

  it("asks for no Blob, and takes whatever is no text for binary", () => {
    const socket = new ScriptedSocket();
    plugWhatwg(newRegister(), socket, HANDSHAKE, undefined).start();
    expect(socket.binaryType).toBe("arraybuffer");
    socket.onmessage?.({ data: new Blob([]) });
    expect(socket.closes).toEqual([[1003, expect.any(String)]]);
  });

  it("may be the one of browsers: its type fits", () => {
    expectTypeOf<WebSocket>().toExtend<WhatwgSocket>();
  });

  it("is plugged in once", () => {
    const socket = new ScriptedSocket();
    const register = newRegister();
    plugWhatwg(register, socket, HANDSHAKE, undefined);
    expect(() => plugWhatwg(register, socket, HANDSHAKE, undefined)).toThrow(
      expect.objectContaining({ code: "already_plugged" }),
    );
  });
});
