// What the gateways of NestJS have bound to one connection, and how an event is taken through them: guards, pipes,
// interceptors and filters are in what Nest binds. Knows no server.
import { AsyncLocalStorage } from "node:async_hooks";
import { ZapError } from "../../protocol/errors.ts";

/** What a handler of Nest comes to: one value, or many over time. */
export interface NestStream {
  subscribe(observer: { next(value: unknown): void; error(error: unknown): void; complete(): void }): {
    unsubscribe(): void;
  };
}

/** One `@SubscribeMessage` of a gateway, bound to a client. */
export interface NestHandler {
  readonly message: unknown;
  readonly callback: (...given: unknown[]) => unknown;
  readonly isAckHandledManually?: boolean;
}

/** Makes a stream of whatever a handler returned. */
export type NestTransform = (returned: unknown) => NestStream;

/** The part of a connection that is used here. */
export interface NestConnection {
  send(eventName: string, payload?: unknown): Promise<unknown>;
}

/** The part of an event's context that is used here. */
export interface NestEvent {
  readonly eventName: string;
  readonly payload: unknown;
  readonly isRequest: boolean;
}

/** The event that is being handled: what its exception filters say is said in its name. */
interface Call {
  readonly isRequest: boolean;
  failure: ZapError | undefined;
}

const calls = new AsyncLocalStorage<Call>();

/** One connection, as Nest's gateways see it. */
export class NestClient {
  readonly #connection: NestConnection;
  readonly #handlers = new Map<unknown, { readonly handler: NestHandler; readonly transform: NestTransform }[]>();
  readonly #running = new Set<{ unsubscribe(): void }>();
  /** Told how the connection has ended. */
  readonly onEnd: ((closed: unknown) => void)[] = [];

  constructor(connection: NestConnection) {
    this.#connection = connection;
    // Nest's exception filters tell clients of exceptions in this way.
    const emit = (eventName: string, payload: unknown) => this.#emit(eventName, payload);
    Object.defineProperty(connection, "emit", { value: emit });
  }

  /** Binds the handlers of one gateway. */
  bind(handlers: readonly NestHandler[], transform: NestTransform): void {
    for (const handler of handlers) {
      const others = this.#handlers.get(handler.message) ?? [];
      this.#handlers.set(handler.message, [...others, { handler, transform }]);
    }
  }

  /** The names of the events that are handled. */
  names(): string[] {
    return [...this.#handlers.keys()].filter((name) => typeof name === "string");
  }

  /**
   * Has all gateways handle an event, up to the first value of each; later ones are sent when they come.
   *
   * @returns The answer, where the event is a request.
   * @throws {ZapError} What an exception filter said of a request.
   */
  async handle({ eventName, payload, isRequest }: NestEvent): Promise<unknown> {
    const call: Call = { isRequest, failure: undefined };
    const bound = this.#handlers.get(eventName) ?? [];
    const results = await calls.run(call, () =>
      Promise.all(
        bound.map(({ handler, transform }) => {
          let acknowledged: unknown;
          const ack = (value: unknown) => {
            acknowledged = value;
          };
          const first = this.#firstOf(transform(handler.callback(payload, eventName, ack)), eventName, isRequest);
          return handler.isAckHandledManually ? first.then(() => acknowledged) : first;
        }),
      ),
    );
    if (call.failure !== undefined) throw call.failure;
    return results.find((result) => result !== undefined);
  }

  /** The connection is over: nothing more is wanted of what its handlers began. */
  end(closed: unknown): void {
    for (const subscription of this.#running) subscription.unsubscribe();
    for (const listener of this.onEnd) listener(closed);
  }

  #firstOf(stream: NestStream, eventName: string, isRequest: boolean): Promise<unknown> {
    return new Promise((resolve, reject) => {
      let state: "waiting" | "flowing" | "ended" = "waiting";
      const isEnded = () => state === "ended";
      const end = () => {
        state = "ended";
        if (subscription !== undefined) this.#running.delete(subscription);
        resolve(undefined);
      };
      let subscription: { unsubscribe(): void } | undefined;
      subscription = stream.subscribe({
        next: (value) => {
          if (value === undefined || value === null) return;
          const [name, payload] = eventOf(value, eventName);
          if (state === "waiting" && isRequest) resolve(payload);
          else this.#connection.send(name, payload);
          if (state === "waiting") state = "flowing";
          resolve(undefined);
        },
        error: (error) => {
          reject(error);
          end();
        },
        complete: end,
      });
      if (!isEnded()) this.#running.add(subscription);
    });
  }

  #emit(eventName: string, payload: unknown): void {
    const call = calls.getStore();
    if (call?.isRequest) call.failure ??= failureOf(payload);
    else this.#connection.send(eventName, payload);
  }
}

/** Nest's `WsResponse` names the event it is to be sent as; anything else goes by the name of what it answers. */
function eventOf(value: unknown, eventName: string): [string, unknown] {
  if (typeof value !== "object" || value === null || !("event" in value)) return [eventName, value];
  return typeof value.event === "string" ? [value.event, "data" in value ? value.data : null] : [eventName, value];
}

function failureOf(payload: unknown): ZapError {
  const { code, message }: { code?: unknown; message?: unknown } = Object(payload);
  const text = typeof message === "string" ? message : "The handler failed.";
  return new ZapError(typeof code === "string" ? code : "exception", text, payload);
}
