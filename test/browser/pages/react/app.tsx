// The page of the tests in React. Each part is what the pages of the other frameworks have, under the same ids.
import { useRef, useState } from "react";
import type { ClientOptions, ZapClient } from "zaptools/client";
import { createZapBindings } from "zaptools/react";
import type { Probe } from "../contract.ts";
import { noteOutcome } from "../outcome.ts";

const { ZapProvider, useZap, useZapState, useEvent, useRequest } = createZapBindings<Probe>();

const OPTIONS: ClientOptions<Probe> = { random: () => 0 };

/** @param client - One to use instead of one of the page's own. */
export function App({ url, client }: { url: string; client?: ZapClient<Probe> | undefined }) {
  const [provider, setProvider] = useState<"there" | "gone">("there");
  const [panel, setPanel] = useState<"there" | "gone">("there");
  const [factor, setFactor] = useState(1);
  return (
    <>
      <button type="button" id="provider" onClick={() => setProvider(provider === "there" ? "gone" : "there")} />
      <button type="button" id="panel" onClick={() => setPanel(panel === "there" ? "gone" : "there")} />
      <button type="button" id="factor" onClick={() => setFactor(factor * 10)} />
      {provider === "there" && (
        <ZapProvider {...(client ? { client } : { url, options: OPTIONS })}>
          <Rival />
          <Status />
          {panel === "there" && <Panel factor={factor} />}
        </ZapProvider>
      )}
    </>
  );
}

/** Registers a second handler for "poll" when asked to, for telling which one was registered first. */
function Rival() {
  const client = useZap();
  return <button type="button" id="rival" onClick={() => client.onEvent("poll", () => "the rival")} />;
}

/** Counts how often it is rendered. */
function Status() {
  const status = useZapState((snapshot) => snapshot.status);
  const rendered = useRef(0);
  rendered.current += 1;
  return (
    <p id="status">
      {/* StrictMode renders twice, and only in browsers. */}
      <span suppressHydrationWarning>{rendered.current}</span> {status}
    </p>
  );
}

function Panel({ factor }: { factor: number }) {
  const client = useZap();
  const { queued } = useZapState();
  // A selector may make a new object each time it is called.
  const selected = useZapState((snapshot) => ({ queued: snapshot.queued }));
  const sum = useRequest("sum");
  const slow = useRequest("slow");
  const [ticks, setTicks] = useState<readonly number[]>([]);

  useEvent("tick", ({ payload }) => setTicks((before) => [...before, payload * factor]));
  useEvent("poll", () => `times ${factor}`);

  return (
    <section>
      <p id="queued">{selected.queued === queued ? queued : "torn"}</p>
      <p id="ticks">{ticks.join(" ")}</p>
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
