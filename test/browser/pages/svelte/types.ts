// What the compiler knows of the binding: compiled, never run.
import type { ZapClient } from "zaptools/client";
import { createZapBindings, useEvent as useAnyEvent } from "zaptools/svelte";
import type { Probe } from "../contract.ts";

const { provideZap, useZap, useZapState, useEvent, useRequest } = createZapBindings<Probe>();

declare const mine: ZapClient<Probe>;
declare const other: ZapClient<{ hello: string }>;

/** Where such functions may be called. */
export function useCases(): void {
  provideZap(mine);
  provideZap(async () => new URL("wss://example.com/ws"), { token: "t" });
  // @ts-expect-error: a client of another contract
  provideZap(other);
  // @ts-expect-error: neither a client nor a url
  provideZap();

  useZapState().current.status satisfies string;
  useZapState((snapshot) => snapshot.queued).current.toFixed();
  // Without a contract any event goes.
  useAnyEvent("anything", ({ payload }) => payload satisfies unknown);

  // Names, payloads and answers are those of the contract.
  useEvent("tick", ({ payload }) => payload.toFixed());
  useEvent("poll", () => "an answer");
  // @ts-expect-error: no such event
  useEvent("tock", () => {});
  // @ts-expect-error: an event of the other direction
  useEvent("say", () => {});
  // @ts-expect-error: the payload is a number
  useEvent("tick", ({ payload }) => payload.length);
  // @ts-expect-error: the answer is a string
  useEvent("poll", () => 3);

  const sum = useRequest("sum");
  sum.run([1, 2], { timeout: 100 }).then((outcome) => outcome.status === "answered" && outcome.data.toFixed());
  // @ts-expect-error: the payload is an array of numbers
  sum.run("1, 2");
  // @ts-expect-error: the component decides when a request is given up
  sum.run([], { signal: AbortSignal.abort() });
  // @ts-expect-error: nothing to be answered
  useRequest("say");

  const client = useZap();
  client.send("say", "hi");
  // @ts-expect-error: the payload is a string
  client.send("say", 3);

  if (sum.status === "answered") sum.data.toFixed();
  if (sum.status === "failed" && sum.error.code === "nothing") sum.error.details.least.toFixed();
  // @ts-expect-error: there may be no answer yet
  sum.data.toFixed();
}
