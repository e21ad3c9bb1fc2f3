// The few functions that make clients of brokers, for checking src/ where no client library is installed. Not part of the
// package. test/brokers runs the same files with the libraries themselves.

declare module "redis" {
  interface Client {
    duplicate(...options: never[]): unknown;
  }
  export function createClient(options: { readonly url: string }): Client;
  export function createCluster(options: { readonly rootNodes: readonly { readonly url: string }[] }): Client;
}

declare module "ioredis" {
  interface Client {
    duplicate(...options: never[]): unknown;
  }
  interface Options {
    readonly lazyConnect: boolean;
  }
  export const Redis: new (url: string, options: Options) => Client;
  export const Cluster: new (urls: readonly string[], options: Options) => Client;
}

declare module "@nats-io/transport-node" {
  export function connect(options: object): Promise<unknown>;
}
