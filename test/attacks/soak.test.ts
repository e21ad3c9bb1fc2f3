// The soak: half of the connections are hostile in a mix of ways, the other half loses nothing. Here it is a short one;
// `npm run soak` runs 2,000 connections for a minute, and looks at times and memory too.
import { expect, it } from "vitest";
import { soak } from "./soak/soak.ts";

const { SOAK } = process.env;
const [connections = 200, seconds = 5] = SOAK?.split(" ").map(Number) ?? [];

it(
  `loses nothing of an innocent half, with ${connections} connections for ${seconds} s`,
  {
    timeout: seconds * 2_000 + 120_000,
  },
  async () => {
    const figures = await soak({ connections, seconds });
    const { harms, left, p99, rss } = figures;
    console.log("the soak:", figures);
    expect(harms).toEqual([]);
    expect(left).toBe(0);
    // Times and memory say something on a machine that does nothing else.
    if (SOAK === undefined) return;
    expect(p99.attacked).toBeLessThan(p99.calm * 5);
    expect(rss.end).toBeLessThan(rss.start * 1.1);
  },
);
