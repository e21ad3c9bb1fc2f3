// Who is let in, who is refused before the upgrade, and that nobody keeps a place who has gone.
import { expect } from "vitest";
import { GUARDED_CONNECTIONS } from "../guarded-app.ts";
import type { Peer } from "../peer.ts";
import { answerOf, rawUpgrade, refusal } from "../wire.ts";
import { bearer, guardedReport, type World } from "../world.ts";
import type { Cases } from "./case.ts";

/** Before there is a connection. */
export const entrances = {
  subprotocol: {
    rule: "selects zap.v1 where it is offered, never a token, and none for those who offer none",
    async run(world) {
      const peer = await world.open("/ws", { protocols: ["zap.v1", bearer("secret")] });
      expect(peer.socket.protocol).toBe("zap.v1");
      const plain = await world.open();
      expect(plain.socket.protocol).toBe("");
      for (const one of [peer, plain]) one.close();
    },
  },

  origin: {
    rule: "refuses a foreign origin before the upgrade with 403",
    async run(world) {
      const headers = { Origin: "https://evil.example" };
      expect(await refusal(`${world.url}/ws`, { headers })).toMatchObject({ status: 403 });
    },
  },

  "refused before the upgrade": {
    rule: "refuses before the upgrade, with 401 or the application's own status and headers; no connection is made",
    async run(world) {
      const url = `${world.url}/guarded`;
      expect(await refusal(url)).toMatchObject({ status: 401 });
      const headers = { Authorization: "Bearer unpaid" };
      expect(await refusal(url, { headers })).toMatchObject({ status: 402, headers: { "x-plan": "free" } });
      const peer = await world.openGuarded("good");
      const { connected } = await guardedReport(peer);
      await refusal(url);
      expect(await guardedReport(peer)).toMatchObject({ connections: 1, connected });
      peer.close();
    },
  },

  "text of a refusal": {
    rule: "refuses with the text of the application's response, for people to read",
    async run({ url }) {
      const headers = { Authorization: "Bearer unpaid" };
      expect(await refusal(`${url}/guarded`, { headers })).toMatchObject({ body: "pay first" });
    },
  },

  principal: {
    rule: "tells handlers who it is, whether the token came as a subprotocol or in a header",
    async run(world) {
      const one = await world.openGuarded("good");
      const other = await world.open("/guarded", { headers: { Authorization: "Bearer good" } });
      for (const peer of [one, other]) {
        expect(await peer.ask("whoami")).toEqual({ id: "ada", role: "author" });
        peer.close();
      }
      await Promise.all([one.closed, other.closed]);
    },
  },

  "reset during authentication": {
    rule: "survives a TCP reset while authenticate waits, and keeps no place for who has gone",
    async run(world) {
      const witness = await leaveDuringAuthentication(world);
      const places = await Promise.all(
        Array.from({ length: GUARDED_CONNECTIONS - 1 }, () => world.openGuarded("good")),
      );
      await Promise.all(places.map((peer) => peer.ask("whoami")));
      expect(await guardedReport(witness)).toMatchObject({ connections: GUARDED_CONNECTIONS, asking: 0 });
      for (const peer of [witness, ...places]) peer.close();
      await Promise.all([witness, ...places].map(({ closed }) => closed));
    },
  },

  "authenticate is told of a reset": {
    rule: "tells authenticate that its peer has gone",
    async run(world) {
      const witness = await leaveDuringAuthentication(world);
      expect((await guardedReport(witness)).gone).toBeGreaterThan(0);
      witness.close();
      await witness.closed;
    },
  },

  "broken upgrade request": {
    rule: "refuses an upgrade request that is broken, though its peer may connect, and keeps no place for it",
    async run(world) {
      const headers = ["Authorization: Bearer good", "Sec-WebSocket-Key: short"];
      for (let count = 0; count < GUARDED_CONNECTIONS; count++) {
        const { head } = await answerOf(rawUpgrade(`${world.url}/guarded`, headers), "head");
        expect(head).toMatch(/^HTTP\/1\.1 4/);
      }
      const places = Array.from({ length: GUARDED_CONNECTIONS }, () => world.openGuarded("good"));
      for (const peer of await Promise.all(places)) {
        peer.close();
        await peer.closed;
      }
    },
  },
} satisfies Cases;

/** Somebody asks to connect, and resets the TCP connection while it is asked who it is. Resolves when that is over. */
async function leaveDuringAuthentication(world: World): Promise<Peer> {
  const witness = await world.openGuarded("good");
  const going = rawUpgrade(`${world.url}/guarded`, ["Authorization: Bearer slow"]);
  while ((await guardedReport(witness)).asking === 0);
  going.resetAndDestroy();
  while ((await guardedReport(witness)).asking > 0);
  return witness;
}
