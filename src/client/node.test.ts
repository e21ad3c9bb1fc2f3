// The client as programs on Node get it.
import { afterEach, expect, it, vi } from "vitest";
import { newRegister, served } from "../../test/support/node-server.ts";
import { ZapClient } from "./node.ts";

afterEach(() => vi.unstubAllGlobals());

it("uses the WebSocket whose frames it can bound, also where the runtime has one of its own", async () => {
  const own = vi.fn(() => {
    throw new Error("the runtime's own was taken");
  });
  vi.stubGlobal("WebSocket", own);
  const register = newRegister();
  register.onEvent("large", ({ connection }) => connection.send("large", "x".repeat(5_000)));
  const { url } = await served(register);
  const client = new ZapClient(url, { limits: { envelopeBytes: 4_096 } });
  const closed = new Promise<number | undefined>((resolve) => {
    client.onStateChange((status) => status === "closed" && resolve(client.getSnapshot().lastClose?.code));
  });
  await client.connect();
  client.send("large");
  expect(await closed).toBe(1009);
  expect(own).not.toHaveBeenCalled();
});
