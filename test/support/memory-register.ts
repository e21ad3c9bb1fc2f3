// A register without a contract that logs to memory, and whose time a test moves. Knows no events.
import type { DefaultState } from "../../src/core/context.ts";
import type { RegisterOptions } from "../../src/core/register-base.ts";
import type { Untyped } from "../../src/protocol/contract-types.ts";
import { EventRegister } from "../../src/rooms/event-register.ts";
import { ManualClock } from "./manual-clock.ts";
import { MemoryLog } from "./memory-log.ts";

/** The register, its log and its clock. */
export function memoryRegister(options: RegisterOptions<Untyped, DefaultState> = {}) {
  const log = new MemoryLog();
  const clock = new ManualClock();
  const register = new EventRegister(undefined, { logger: log, clock, ...options });
  return { register, log, clock };
}
