// Sends events to the connections of a cluster from a program that holds none: a worker, a cron job. Is no node itself.
import type { Address } from "../core/nodes.ts";
import { type Patience, patienceOf } from "../core/patience.ts";
import { systemClock } from "../core/system-clock.ts";
import { encode } from "../protocol/codec.ts";
import type { EventName, PayloadArguments, SentPayload, ServerSendOptions } from "../protocol/contract-types.ts";
import { brokerUnavailable, reservedEventName } from "../protocol/errors.ts";
import type { EnvelopeHeaders } from "../protocol/headers.ts";
import { type Limits, resolveLimits } from "../protocol/limits.ts";
import { CONTROL_PREFIX } from "../protocol/names.ts";
import type { Carrier } from "./broker.ts";
import type { CarrierBroker } from "./create-broker.ts";
import { Outflow } from "./outflow.ts";
import { type Route, routeOf } from "./route.ts";
import { inTime } from "./within.ts";

/** How an emitter is made. */
export interface EmitterOptions {
  /** The limits of the nodes, where they are not the default ones. */
  readonly limits?: Partial<Limits>;
  /** Milliseconds that an event may wait for the first connection. Default: 10,000. */
  readonly timeout?: number;
}

/** How an event is emitted. */
export interface EmitOptions extends ServerSendOptions {
  readonly headers?: EnvelopeHeaders;
}

/** The arguments of an emitted event after its name. */
export type EmitArguments<P> = PayloadArguments<P, [options?: EmitOptions]>;

/** Something an emitter can send to. */
export interface EmitterTarget<C> {
  /**
   * Sends an event to all that are meant, on whatever node they are.
   *
   * @returns Resolves when the broker has taken it.
   * @throws {ZapError} Rejects like `connection.send` when it cannot be sent, and with `broker_unavailable`.
   */
  send<K extends EventName<C, "serverToClient">>(
    eventName: K,
    ...rest: EmitArguments<SentPayload<C, "serverToClient", K>>
  ): Promise<void>;
}

/** Rooms chosen together; each step makes a new choice. */
export interface EmitterSelection<C> extends EmitterTarget<C> {
  /** The members of these rooms too. */
  to(...rooms: readonly string[]): EmitterSelection<C>;
  /** Without these connections by id, or members of rooms by name. */
  except(...selectors: readonly string[]): EmitterSelection<C>;
}

/** Sends without holding connections. */
export interface Emitter<C> extends Pick<EmitterSelection<C>, "to" | "except"> {
  /** The room with this name. */
  room(name: string): EmitterTarget<C>;
  /** Sends to everyone. */
  broadcast: EmitterTarget<C>["send"];
  /** Sends to one connection by its id. */
  sendTo<K extends EventName<C, "serverToClient">>(
    id: string,
    eventName: K,
    ...rest: EmitArguments<SentPayload<C, "serverToClient", K>>
  ): Promise<void>;
  /** Lets go of the broker, so that the process can exit. */
  close(): Promise<void>;
}

type Send = (eventName: string, payload?: unknown, options?: EmitOptions) => Promise<void>;

/**
 * Makes an emitter of a broker like that of the nodes: the same name, the same secret.
 *
 * @typeParam C - The contract of the nodes.
 * @throws {ZapError} `broker_in_use` when the broker has a register.
 *
 * @example
 * const emitter = createEmitter<typeof chat>(redisBroker({ url: "redis://localhost" }));
 * await emitter.room("lobby").send("news", { text: "Lunch is ready." });
 * await emitter.close();
 */
export function createEmitter<C = unknown>(broker: CarrierBroker, options: EmitterOptions = {}): Emitter<C> {
  const { carrier, node, secret } = broker.take();
  const limits = resolveLimits(options.limits);
  const outflow = new Outflow(carrier, node, secret);
  const { timeout = CONNECT_MS } = options;
  const connected = firstUp(carrier, node);

  const publish = async (route: Route, eventName: string, payload: unknown, { headers, volatile }: EmitOptions) => {
    if (eventName.startsWith(CONTROL_PREFIX)) throw reservedEventName(eventName);
    const text = encode(eventName, payload, headers, undefined, limits);
    await inTime(systemClock, timeout, connected).catch((cause: unknown) => {
      throw brokerUnavailable(cause);
    });
    await outflow.publish(route.channels, route.content, text, volatile === true);
  };
  const sendBy = (address: Omit<Address, keyof Patience>): Send => {
    return async (eventName, payload, given = {}) => {
      const route = routeOf({ ...address, ...patienceOf(given) }, broker.channels);
      if (route !== undefined) await publish(route, eventName, payload, given);
    };
  };
  const select = (rooms: readonly string[] | undefined, exclude: readonly string[]): EmitterSelection<C> => ({
    to: (...more) => select([...(rooms ?? []), ...more], exclude),
    except: (...more) => select(rooms, [...exclude, ...more]),
    send: sendBy({ rooms, exclude, excludeIds: [] }),
  });
  const sendTo = (id: string, eventName: string, payload?: unknown, given: EmitOptions = {}): Promise<void> => {
    const content = { kind: "to", id, ...patienceOf(given) } as const;
    return publish({ channels: [broker.channels.all], content }, eventName, payload, given);
  };
  return {
    to: (...rooms) => select(rooms, []),
    except: (...selectors) => select(undefined, selectors),
    room: (name) => select([name], []),
    broadcast: sendBy({ rooms: undefined, exclude: [], excludeIds: [] }),
    sendTo,
    close: () => carrier.stop(),
  };
}

const CONNECT_MS = 10_000;

/** Starts a carrier. Resolves with its first connection, however late. */
function firstUp(carrier: Carrier, node: string): Promise<void> {
  return new Promise((resolve) => {
    carrier.start(node, { receive() {}, gone() {}, down() {}, up: resolve });
  });
}
