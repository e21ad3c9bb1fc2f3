// A server beside others, and on its way out.
import { expect } from "vitest";
import { whileDraining } from "../draining.ts";
import { NEIGHBOUR_HEADER, NEIGHBOUR_PATH } from "../neighbour.ts";
import { Peer } from "../peer.ts";
import { echoOf, rawUpgrade, refusal } from "../wire.ts";
import { httpOf } from "../world.ts";
import type { Cases } from "./case.ts";

/** In the order they run: the last one has to be. */
export const servers = {
  "two registers": {
    rule: "serves two registers on two paths that know nothing of each other",
    async run(world) {
      const one = await world.open("/ws");
      const other = await world.open("/other");
      expect(await other.ask("report")).toMatchObject({ connections: 1 });
      one.close();
      other.close();
    },
  },

  "other requests": {
    rule: "leaves other requests alone, and nothing is at other paths",
    async run(world) {
      const page = await fetch(`${httpOf(world.url)}/page`);
      expect(await page.text()).toBe("page");
      expect(await refusal(`${world.url}/nowhere`)).toMatchObject({ status: 404 });
    },
  },

  "other upgrades": {
    rule: "leaves upgrades to others who take them on the same server",
    async run(world) {
      const server = await world.start("beside another");
      try {
        const { head, echo } = await echoOf(rawUpgrade(server.url + NEIGHBOUR_PATH), "anybody there?");
        expect(head.toLowerCase()).toContain(`\r\n${NEIGHBOUR_HEADER.toLowerCase()}: somebody else`);
        if (head.startsWith("HTTP/1.1 101 ")) expect(echo).toBe("anybody there?");
        const peer = await Peer.open(`${server.url}/ws`);
        expect(await peer.ask("whoami")).toMatchObject({ ready: true });
      } finally {
        await server.stop();
      }
    },
  },

  drain: {
    rule: "closes with 1012 when the server goes away, once handlers have answered; tells those who said zap:hello",
    run: (world) =>
      whileDraining(world, async ({ greeted, plain }) => {
        for (const peer of [greeted, plain]) expect(await peer.closed).toMatchObject({ code: 1012 });
        expect(greeted.names()).toEqual(["zap:draining", "slow"]);
        expect(plain.names()).toEqual([]);
      }),
  },

  "refused while draining": {
    rule: "refuses with 503 while the server goes away",
    run: (world) =>
      whileDraining(world, async ({ url }) => {
        expect(await refusal(`${url}/ws`)).toMatchObject({ status: 503 });
      }),
  },

  "nothing left": {
    rule: "has let go of every connection in the end",
    async run(world) {
      let connections = Number.NaN;
      while (connections !== 1) ({ connections } = await world.report());
      expect(connections).toBe(1);
    },
  },
} satisfies Cases;
