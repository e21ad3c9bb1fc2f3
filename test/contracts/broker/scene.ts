// Three nodes under one broker, and their clients, who are gone again after each test. Tests nothing itself.
import { afterAll, afterEach, beforeAll } from "vitest";
import { at } from "../../support/at.ts";
import { type Fleet, type FleetNode, known } from "../fleet.ts";
import type { NodeStatus } from "../node-app.ts";
import { Peer } from "../peer.ts";

/** What the tests of the broker contract have in their hands. */
export interface BrokerScene {
  /** The broker's, for what is printed. */
  readonly name: string;
  readonly fleet: Fleet;
  readonly nodes: readonly FleetNode[];
  /** A client of a node, counted from 0. */
  client(node: number, principal?: string): Promise<Peer>;
  /** A client who has joined these rooms. */
  member(node: number, ...names: string[]): Promise<Peer>;
  idOf(peer: Peer): Promise<string>;
  /** What its node says of itself. */
  statusOf(peer: Peer): Promise<NodeStatus>;
  /** The name of a room that nobody has joined. */
  newRoom(): string;
  /** What has arrived before an event that came last. */
  until(peer: Peer, last: string): Promise<string[]>;
  /** Has every node send everybody a last event, and gives the names of those that came before them. */
  settle(...all: Peer[]): Promise<string[][]>;
}

/** Starts the fleet before the tests of the suite that is being described, and stops it after them. */
export function brokerScene(name: string, startFleet: () => Promise<Fleet>): BrokerScene {
  let fleet: Fleet;
  let nodes: readonly FleetNode[];
  let peers: Peer[] = [];
  let rooms = 0;

  const client = async (node: number, principal?: string) => {
    const { url } = at(nodes, node);
    const peer = await Peer.open(principal === undefined ? url : `${url}?as=${principal}`);
    peers.push(peer);
    return peer;
  };
  const member = async (node: number, ...names: string[]) => {
    const peer = await client(node);
    for (const room of names) await peer.ask("join", { room });
    return peer;
  };
  const idOf = async (peer: Peer) => String(await peer.ask("whoami"));
  const statusOf = async (peer: Peer) => (await peer.ask("status")) as NodeStatus;
  const newRoom = () => `room-${++rooms}`;
  /** What has arrived, without the answers. */
  const events = (peer: Peer) =>
    peer.got.filter(({ headers }) => headers === undefined).map(({ eventName }) => eventName);
  const until = async (peer: Peer, last: string) => {
    await peer.event(last);
    return events(peer);
  };
  let settlings = 0;
  const settle = async (...all: Peer[]) => {
    const end = `end ${++settlings} of `;
    const ids = await Promise.all(all.map(idOf));
    for (const node of nodes.keys()) {
      const asker = await client(node);
      for (const id of ids) await asker.ask("sendTo", { id, event: end + node });
    }
    for (const peer of all) for (const node of nodes.keys()) await peer.event(end + node);
    return all.map((peer) => events(peer).filter((eventName) => !eventName.startsWith("end ")));
  };

  beforeAll(async () => {
    fleet = await startFleet();
    nodes = await Promise.all([fleet.start(), fleet.start(), fleet.start()]);
    await known(nodes, 3);
  });
  afterEach(() => {
    for (const peer of peers) peer.close();
    peers = [];
  });
  afterAll(async () => {
    await Promise.all((nodes ?? []).map((node) => node.stop()));
    await fleet?.stop();
  });

  return {
    name,
    get fleet() {
      return fleet;
    },
    get nodes() {
      return nodes;
    },
    client,
    member,
    idOf,
    statusOf,
    newRoom,
    until,
    settle,
  };
}
