// A register that notes what reaches its `error` handler and its internal hook. Knows no other events.
import { memoryRegister } from "./memory-register.ts";

/** The register with its clock, what went wrong, and a list for what a test's own handlers see. */
export function notingRegister(errorHandlers: "one" | "none" = "one") {
  const seen: unknown[] = [];
  const errors: { eventName: string; error: unknown }[] = [];
  const internal: unknown[] = [];
  const { register, clock } = memoryRegister({
    onInternalError: (error, eventName) => internal.push([eventName, error]),
  });
  if (errorHandlers === "one") register.onEvent("error", ({ payload }) => errors.push(payload));
  return { register, clock, seen, errors, internal };
}
