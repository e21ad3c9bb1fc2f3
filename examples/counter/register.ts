// One number for everybody: who adds to it, and who hears of it. Knows no HTTP and no sockets.
import { EventRegister, ZapError } from "zaptools";
import { type Counter, counter } from "./contract.ts";

/** Makes the register of a counter that stands at 0. */
export function createCounterRegister(): EventRegister<Counter> {
  const register: EventRegister<Counter> = new EventRegister(counter);
  let value = 0;
  let since = Date.now();

  const set = (next: number) => {
    value = next;
    since = Date.now();
    register.connections.broadcast("counter:changed", { value });
  };

  register.onEvent("connected", ({ connection }) => connection.send("counter:changed", { value }));
  register.onEvent("counter:add", ({ payload }) => set(value + payload));
  register.onEvent("counter:reset", (context) => {
    if (value === 0) context.fail("zero_already", { since });
    const was = value;
    set(0);
    return { was };
  });

  register.onEvent("error", ({ payload: { eventName, error } }) => {
    // What the contract declares was meant for whoever asked.
    if (!(error instanceof ZapError)) console.error(eventName, error);
  });

  return register;
}
