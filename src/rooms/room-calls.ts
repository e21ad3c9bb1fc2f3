// Does things to the members of a room on all nodes: here at once, elsewhere by asking. Says what is asked and reads
// what is answered; carrying both is the broker's.
import type { NodeLink, NodeOptions, NodeReply, NodesResult } from "../core/nodes.ts";
import type { MemberList, RoomAnswer, RoomMember } from "../core/room.ts";
import type { WebSocketConnection } from "../core/websocket-connection.ts";
import { isSendableCloseCode } from "../protocol/close-codes.ts";
import type { RequestOptions } from "../protocol/contract-types.ts";
import { isJsonObject } from "../protocol/headers.ts";
import { REQUEST_TIMEOUT_MS } from "../protocol/pending-requests.ts";
import { answerOf, readAnswers, writeAnswer } from "./room-answers.ts";

/** Milliseconds that other nodes may take to answer, unless said otherwise. */
export const NODE_TIMEOUT_MS = 2_000;

// JSON has no Infinity.
const LONGEST_MS = 2 ** 31 - 1;

// What other nodes need on top of the time their members have.
const TRAVEL_MS = 500;

/** What can be done to all members of a room. */
export type RoomAction =
  | { readonly question: "join" | "leave"; readonly room: string; readonly rooms: readonly string[] }
  | { readonly question: "close"; readonly room: string; readonly code: number; readonly reason: string };

/** Where the members of this node are. */
export interface LocalRooms<C, S> {
  membersOf(room: string): Iterable<{ readonly connection: WebSocketConnection<C, S> }> | undefined;
  metaOf(connection: WebSocketConnection<C, S>, room: string): unknown;
}

/** The actions of rooms that reach over several nodes. */
export class RoomCalls<C, S> {
  readonly #rooms: LocalRooms<C, S>;
  readonly #self: () => string;
  readonly #closeMs: number;
  #link: NodeLink | undefined;

  /**
   * @param self - The id of this node.
   * @param closeMs - Milliseconds that a peer has to answer a Close.
   */
  constructor(rooms: LocalRooms<C, S>, self: () => string, closeMs: number) {
    this.#rooms = rooms;
    this.#self = self;
    this.#closeMs = closeMs;
  }

  /** From now on there are other nodes. */
  connect(link: NodeLink): void {
    this.#link = link;
  }

  /** Does something to all members, wherever they are. Resolves when all nodes have done it, or did not say so in time. */
  async act(action: RoomAction, { timeout, local }: NodeOptions): Promise<NodesResult> {
    const here = this.#perform(action);
    // A peer that does not answer its Close is cut after a while, and that is what other nodes wait for.
    const usual = action.question === "close" ? this.#closeMs + NODE_TIMEOUT_MS : NODE_TIMEOUT_MS;
    const replies = local === true ? [] : await this.#ask(action.question, action, timeout ?? usual);
    let connections = await here;
    for (const { reply } of answered(replies)) connections += typeof reply === "number" ? reply : 0;
    return { connections, silent: silentAmong(replies) };
  }

  /** Lists the members on all nodes. */
  async list(room: string, { timeout = NODE_TIMEOUT_MS, local }: NodeOptions): Promise<MemberList> {
    const replies = local === true ? [] : await this.#ask("members", { room }, timeout);
    const members = this.#list(room);
    for (const { node, reply } of answered(replies)) members.push(...readMembers(reply, node));
    return { members, silent: silentAmong(replies) };
  }

  /** Asks all members on all nodes. The payload has been found sendable. */
  async request(
    room: string,
    eventName: string,
    payload: unknown,
    options: RequestOptions = {},
  ): Promise<RoomAnswer<unknown>[]> {
    const here = this.#askMembers(room, eventName, payload, options);
    if (this.#link === undefined) return here;
    const { headers, signal } = options;
    const timeout = Math.min(options.timeout ?? REQUEST_TIMEOUT_MS, LONGEST_MS);
    const asked = this.#ask("request", { room, eventName, payload, headers, timeout }, timeout + TRAVEL_MS);
    const replies = await unlessAborted(asked, signal);
    const there = answered(replies).flatMap(({ reply }) => readAnswers(reply));
    const silent = silentAmong(replies).map((id): RoomAnswer<unknown> => ({ id, status: "silent" }));
    return [...(await here), ...there, ...silent];
  }

  /** Answers what another node asks about a room; undefined when it asks something else. */
  answer(question: string, body: unknown): unknown {
    if (!isJsonObject(body) || typeof body.room !== "string") return undefined;
    const { room } = body;
    if (question === "members") return this.#list(room);
    if (question === "request") return this.#answerRequest(room, body);
    const action = readAction(question, room, body);
    return action === undefined ? undefined : this.#perform(action);
  }

  async #perform(action: RoomAction): Promise<number> {
    const members = this.#membersOf(action.room);
    const done = members.flatMap((connection): unknown[] => {
      if (action.question === "close") return [connection.close(action.code, action.reason)];
      if (action.question === "join") return action.rooms.map((room) => connection.join(room));
      for (const room of action.rooms) connection.leave(room);
      return [];
    });
    // One that may not join has been reported to the `error` handlers.
    await Promise.allSettled(done);
    return members.length;
  }

  #list(room: string): RoomMember[] {
    const node = this.#self();
    return this.#membersOf(room).map((one) => ({ id: one.id, node, meta: this.#rooms.metaOf(one, room) }));
  }

  #askMembers(
    room: string,
    eventName: string,
    payload: unknown,
    options: RequestOptions,
  ): Promise<RoomAnswer<unknown>[]> {
    // The caller's types have been checked where it called; here the contract is whatever it is.
    type Asked = WebSocketConnection<unknown, unknown> & {
      request(eventName: string, payload: unknown, options: RequestOptions): Promise<unknown>;
    };
    const members = this.#membersOf(room) as unknown as Asked[];
    return Promise.all(members.map((one) => answerOf(one.id, one.request(eventName, payload, options))));
  }

  async #answerRequest(room: string, body: { readonly [key: string]: unknown }): Promise<object[]> {
    const { eventName, payload = null, headers, timeout } = body;
    if (typeof eventName !== "string" || typeof timeout !== "number") return [];
    const options = { timeout, ...(isJsonObject(headers) ? { headers } : {}) };
    return (await this.#askMembers(room, eventName, payload, options)).map(writeAnswer);
  }

  #membersOf(room: string): WebSocketConnection<C, S>[] {
    return Array.from(this.#rooms.membersOf(room) ?? [], ({ connection }) => connection);
  }

  #ask(question: string, body: object, timeout: number): Promise<readonly NodeReply[]> {
    return this.#link?.ask(question, body, timeout) ?? Promise.resolve([]);
  }
}

function answered(replies: readonly NodeReply[]) {
  return replies.flatMap((reply) => (reply.status === "answered" ? [reply] : []));
}

/** A node that failed has not said what it did either. */
function silentAmong(replies: readonly NodeReply[]): string[] {
  return replies.flatMap(({ node, status }) => (status === "answered" ? [] : [node]));
}

function readMembers(value: unknown, node: string): RoomMember[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one) =>
    isJsonObject(one) && typeof one.id === "string" ? [{ id: one.id, node, meta: one.meta }] : [],
  );
}

function readAction(
  question: string,
  room: string,
  { rooms, code, reason }: { readonly [key: string]: unknown },
): RoomAction | undefined {
  if (question === "close" && typeof code === "number" && isSendableCloseCode(code)) {
    return { question, room, code, reason: String(reason) };
  }
  const named = Array.isArray(rooms) && rooms.every((one) => typeof one === "string");
  return named && (question === "join" || question === "leave") ? { question, room, rooms } : undefined;
}

/** What was asked, or nothing but what was known when the asker lost interest. */
function unlessAborted(
  asked: Promise<readonly NodeReply[]>,
  signal: AbortSignal | undefined,
): Promise<readonly NodeReply[]> {
  if (signal === undefined) return asked;
  return new Promise((resolve, reject) => {
    const giveUp = () => resolve([]);
    if (signal.aborted) giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    asked.then(resolve, reject).finally(() => signal.removeEventListener("abort", giveUp));
  });
}
