// What every broker has to do, with three nodes. Starts nothing itself: a broker brings its fleet.
import { describe } from "vitest";
import { channelTests } from "./broker/channels.ts";
import { deliveryTests } from "./broker/delivery.ts";
import { everyoneTests } from "./broker/everyone.ts";
import { brokerScene } from "./broker/scene.ts";
import type { Fleet } from "./fleet.ts";

/** Runs the suite over one broker. */
export function brokerContract(name: string, startFleet: () => Promise<Fleet>): void {
  describe(`the broker contract: ${name}`, () => {
    const scene = brokerScene(name, startFleet);
    deliveryTests(scene);
    everyoneTests(scene);
    channelTests(scene);
  });
}
