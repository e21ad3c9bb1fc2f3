// The page of the tests in Solid.
import { createSignal, Show } from "solid-js";
import { createZapBindings } from "zaptools/solid";
import type { Probe } from "../contract.ts";
import { noteOutcome } from "../outcome.ts";

const { ZapProvider, useZap, useZapState, useEvent, useRequest } = createZapBindings<Probe>();

export function App(props: { url: string }) {
  const [provider, setProvider] = createSignal<"there" | "gone">("there");
  const [panel, setPanel] = createSignal<"there" | "gone">("there");
  const [factor, setFactor] = createSignal(1);
  return (
    <>
      <button type="button" id="provider" onClick={() => setProvider(provider() === "there" ? "gone" : "there")} />
      <button type="button" id="panel" onClick={() => setPanel(panel() === "there" ? "gone" : "there")} />
      <button type="button" id="factor" onClick={() => setFactor(factor() * 10)} />
      <Show when={provider() === "there"}>
        <ZapProvider url={props.url} options={{ random: () => 0 }}>
          <Rival />
          <Status />
          <Show when={panel() === "there"}>
            <Panel factor={factor()} />
          </Show>
        </ZapProvider>
      </Show>
    </>
  );
}

function Rival() {
  const client = useZap();
  return <button type="button" id="rival" onClick={() => client.onEvent("poll", () => "the rival")} />;
}

function Status() {
  const status = useZapState((snapshot) => snapshot.status);
  let rendered = 0;
  const counted = () => {
    rendered += 1;
    return `${rendered} ${status()}`;
  };
  return <p id="status">{counted()}</p>;
}

function Panel(props: { factor: number }) {
  const client = useZap();
  const state = useZapState();
  const sum = useRequest("sum");
  const slow = useRequest("slow");
  const [ticks, setTicks] = createSignal<readonly number[]>([]);

  useEvent("tick", ({ payload }) => setTicks((before) => [...before, payload * props.factor]));
  useEvent("poll", () => `times ${props.factor}`);

  return (
    <section>
      <p id="queued">{state().queued}</p>
      <p id="ticks">{ticks().join(" ")}</p>
      <button type="button" id="say" onClick={() => client.send("say", "hi")} />
      <button type="button" id="sum" onClick={() => sum.run([1, 2])} />
      <button type="button" id="sum-nothing" onClick={() => sum.run([])} />
      <p id="sum-state">{[sum.status, sum.data, sum.error?.code].join(" ")}</p>
      <button type="button" id="slow-first" onClick={() => slow.run("first").then(noteOutcome)} />
      <button type="button" id="slow-second" onClick={() => slow.run("second")} />
      <p id="slow-state">{[slow.status, slow.data, slow.error?.code].join(" ")}</p>
    </section>
  );
}
