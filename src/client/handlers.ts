// Brings events to their handlers and the handlers' answers back. Knows nothing of sockets.
import type { Envelope } from "../protocol/envelope.ts";
import { unknownEvent } from "../protocol/errors.ts";
import type { Limits } from "../protocol/limits.ts";
import { encodeErrorReply, encodeReply } from "../protocol/reply.ts";
import type { AnyClientEvent, Report } from "./client-types.ts";
import { Listeners } from "./listeners.ts";

/** A handler, whatever its event. */
export type AnyHandler = (event: AnyClientEvent) => unknown;

/** The handlers of one client. */
export class Incoming {
  readonly #limits: Limits;
  readonly #report: Report;
  readonly #every = new Listeners<[AnyClientEvent]>();
  readonly #named = new Map<string, Listeners<[AnyClientEvent]>>();

  constructor(limits: Limits, report: Report) {
    this.#limits = limits;
    this.#report = report;
  }

  /** Adds a handler: of one event, or of every event. @returns What takes it out again. */
  on(eventName: string | undefined, handler: AnyHandler): () => void {
    if (eventName === undefined) return this.#every.add(handler);
    const listeners = this.#named.get(eventName) ?? new Listeners();
    this.#named.set(eventName, listeners);
    return listeners.add(handler);
  }

  /**
   * Calls the handlers of an event, those of every event first. None is waited for. A request is answered with what
   * the handler returns that was registered first.
   *
   * @param reply - Where the answer leaves.
   */
  dispatch({ eventName, payload, headers, zap }: Envelope, reply: (text: string) => void): void {
    const event = Object.freeze({ eventName, payload, headers });
    // Calls the handler now, and owns whatever becomes of it.
    const run = async (handler: AnyHandler) => handler(event);
    const reported = (error: unknown) => this.#report(error, eventName);
    let answer: Promise<unknown> | undefined;
    this.#every.each((handler) => run(handler).catch(reported));
    this.#named.get(eventName)?.each((handler) => {
      const result = run(handler);
      result.catch(reported);
      answer ??= result;
    });
    const id = zap?.id;
    if (id !== undefined) this.#answer(eventName, id, answer ?? Promise.reject(unknownEvent(eventName)), reply);
  }

  async #answer(eventName: string, id: string, answer: Promise<unknown>, reply: (text: string) => void): Promise<void> {
    let failure: unknown;
    try {
      const result = await answer;
      try {
        return reply(encodeReply(eventName, result, id, this.#limits));
      } catch (error) {
        this.#report(error, eventName);
        failure = error;
      }
    } catch (error) {
      failure = error;
    }
    reply(encodeErrorReply(failure, id, this.#limits));
  }
}
