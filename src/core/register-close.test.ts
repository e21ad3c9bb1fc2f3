import { describe, expect, it, vi } from "vitest";
import { Gate } from "../../test/support/gate.ts";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { MemoryLog } from "../../test/support/memory-log.ts";
import { flushed, HANDSHAKE, MemoryPeer } from "../../test/support/memory-peer.ts";
import { MemoryTransport } from "../../test/support/memory-transport.ts";
import { EventRegister } from "../rooms/event-register.ts";
import { Admitted } from "./admission-verdict.ts";
import type { Authenticate } from "./authentication.ts";

const CLOSE = { code: 1012, reason: expect.any(String) };
const REQUEST = { ...HANDSHAKE, secure: false };

function newRegister(authenticate?: Authenticate, authenticateLater = false) {
  const clock = new ManualClock();
  const asked = authenticate === undefined ? {} : { authenticate, authenticateLater };
  const limits = { connections: 1 };
  return { clock, register: new EventRegister(undefined, { clock, logger: new MemoryLog(), limits, ...asked }) };
}

describe("a register that is closed", () => {
  it("closes its connections with 1012, and is done when they and their handlers are", async () => {
    const { register } = newRegister();
    const gate = new Gate();
    register.onEvent("disconnected", () => gate.passed);
    const peer = await new MemoryPeer(register).start();
    let state = "closing";
    const closed = register.close().then(() => {
      state = "closed";
    });
    await flushed();
    expect(peer.transport.endings).toEqual([CLOSE]);
    expect(state).toBe("closing");
    gate.open();
    await closed;
    expect(register.connections.size).toBe(0);
  });

  it("takes the time it is given, and does it once however often it is called", async () => {
    const clock = new ManualClock();
    const register = new EventRegister(undefined, { clock, logger: new MemoryLog() });
    const peers = await Promise.all([1, 2].map(() => new MemoryPeer(register).start()));
    const closed = register.close({ drain: 1_000 });
    expect(register.close()).toBe(closed);
    await flushed();
    const ended = () => peers.filter(({ transport }) => transport.endings.length > 0).length;
    expect(ended()).toBe(1);
    clock.advance(500);
    await closed;
    expect(ended()).toBe(2);
  });

  it("refuses who asks to connect with 503, whoever it is", async () => {
    const { register } = newRegister(() => ({ id: "ada" }));
    await register.close();
    expect(register.admit(REQUEST)).toMatchObject({ status: 503, reason: "draining" });
    expect([...register.stats().rejected]).toEqual([["draining", 1]]);
  });

  it("does not wait for what the application is being asked, and tells it so", async () => {
    let signal: AbortSignal | undefined;
    const { register } = newRegister((request) => {
      signal = request.signal;
      return new Gate().passed.then(() => undefined);
    });
    const admission = register.admit(REQUEST);
    await register.close();
    expect(await admission).toMatchObject({ status: 503, reason: "draining" });
    expect(signal?.aborted).toBe(true);
  });

  it("closes who was let in before and is plugged in afterwards, and keeps no place for it", async () => {
    const { register } = newRegister();
    const admission = register.admit(REQUEST);
    if (!(admission instanceof Admitted)) throw new Error("It was not let in.");
    const release = vi.spyOn(admission.slot, "release");
    await register.close();
    const transport = new MemoryTransport();
    register.plug(transport, admission);
    expect(transport.endings).toEqual([CLOSE]);
    expect(release).toHaveBeenCalled();
  });

  it("closes who is upgraded without asking with 1012", async () => {
    const { register } = newRegister();
    await register.close();
    const transport = new MemoryTransport();
    register.plug(transport, HANDSHAKE);
    expect(transport.endings).toEqual([CLOSE]);
  });

  it("closes sockets that nobody has started", async () => {
    const { register } = newRegister();
    const { transport } = new MemoryPeer(register);
    await register.close();
    expect(transport.endings).toEqual([CLOSE]);
  });

  it("closes sockets whose peer has yet to say who it is", async () => {
    const { register } = newRegister(() => undefined, true);
    const { transport } = await new MemoryPeer(register).start();
    await register.close();
    expect(transport.endings).toEqual([CLOSE]);
  });

  it("closes sockets whose peer is being looked at", async () => {
    const { register } = newRegister(() => new Gate().passed.then(() => undefined));
    const { transport } = new MemoryPeer(register);
    await register.close();
    expect(transport.endings).toEqual([CLOSE]);
  });

  it("has nothing left to close of connections that ended before, started or not", async () => {
    const { register } = newRegister();
    const one = await new MemoryPeer(register).start();
    one.leave();
    await flushed();
    const two = new MemoryPeer(register);
    two.leave();
    await register.close();
    expect([...one.transport.endings, ...two.transport.endings]).toEqual([]);
  });
});
