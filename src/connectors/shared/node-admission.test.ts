import { EventEmitter } from "node:events";
import { expect, it, vi } from "vitest";
import { HANDSHAKE } from "../../../test/support/memory-peer.ts";
import { Admitted } from "../../core/admission-verdict.ts";
import { EventRegister } from "../../rooms/event-register.ts";
import { Admissions } from "./node-admission.ts";
import type { RawSocket } from "./ws-types.ts";

function setUp() {
  const admitted = new EventRegister().admit({ ...HANDSHAKE, secure: false });
  if (!(admitted instanceof Admitted)) throw new Error("It was not admitted.");
  // Only its events matter here.
  const socket = new EventEmitter() as EventEmitter & RawSocket;
  return { admissions: new Admissions(), admitted, socket, abandon: vi.spyOn(admitted, "abandon"), request: {} };
}

it("an admission is taken once", () => {
  const { admissions, admitted, socket, request } = setUp();
  admissions.keep(request, admitted, socket);
  expect(admissions.take(request)).toBe(admitted);
  expect(admissions.take(request)).toBeUndefined();
});

it("an admission is given up when its socket closes before it is taken", () => {
  const { admissions, admitted, socket, request, abandon } = setUp();
  admissions.keep(request, admitted, socket);
  socket.emit("close");
  expect(abandon).toHaveBeenCalledOnce();
  expect(admissions.take(request)).toBeUndefined();
});

it("nothing of an admission that was taken is left on the socket", () => {
  const { admissions, admitted, socket, request, abandon } = setUp();
  admissions.keep(request, admitted, socket);
  admissions.take(request);
  expect(socket.listenerCount("close")).toBe(0);
  expect(abandon).not.toHaveBeenCalled();
});
