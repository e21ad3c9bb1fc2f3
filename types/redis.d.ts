// The one function of the package `redis` that is used here, for checking where it is not installed.
declare module "redis" {
  import type { RedisClient } from "zaptools/redis";
  export function createClient(options: { readonly url: string }): RedisClient;
}
