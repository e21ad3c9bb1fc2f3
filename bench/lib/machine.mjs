// What the figures were taken on. Nothing that names the machine itself.
import { availableParallelism, cpus, platform, totalmem } from "node:os";
import { canPin } from "./processes.mjs";

export function machine() {
  return {
    platform: `${platform()} ${process.arch}`,
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryGigabytes: Math.round(totalmem() / 1024 ** 3),
    pinned: canPin,
  };
}
