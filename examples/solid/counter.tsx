// What people see: the number, what they can do with it, and how the connection is.
import { createSignal } from "solid-js";
import { useEvent, useRequest, useZap, useZapState } from "./zap.ts";

export function Counter() {
  const client = useZap();
  const status = useZapState((snapshot) => snapshot.status);
  const reset = useRequest("counter:reset");
  const [value, setValue] = createSignal<number>();

  useEvent("counter:changed", ({ payload }) => setValue(payload.value));

  const outcome = () => {
    if (reset.status === "answered") return `It was ${reset.data.was}.`;
    if (reset.status !== "failed") return "";
    return reset.error.code === "zero_already" ? "It is zero already." : "That failed.";
  };

  return (
    <>
      <output>{value() ?? "–"}</output>
      <button type="button" onClick={() => client.send("counter:add", 1)}>
        Add one
      </button>
      <button type="button" onClick={() => reset.run(null)} disabled={reset.status === "pending"}>
        Reset
      </button>
      <p>{outcome()}</p>
      <small>Connection: {status()}</small>
    </>
  );
}
