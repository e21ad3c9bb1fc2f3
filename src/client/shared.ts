// The public face of sharing, and nothing else: one connection for all the tabs of a browser.
export {
  type SharedClientOptions,
  SharedZapClient,
  type SharedZapClientConstructor,
  type SharingRole,
} from "./sharing/shared-zap-client.ts";
export type { Release, TabChannel, Tabs } from "./sharing/tabs.ts";
