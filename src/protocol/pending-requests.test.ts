// Requests that wait for their answer: each is settled exactly once, and the table is always as small as it can be.
import { describe, expect, test } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import type { RequestOptions } from "./contract-types.ts";
import type { Envelope } from "./envelope.ts";
import { ZapError } from "./errors.ts";
import { NO_HEADERS } from "./headers.ts";
import { PendingRequests, REQUEST_TIMEOUT_MS } from "./pending-requests.ts";

const envelope = (eventName: string, payload: unknown): Envelope => ({
  eventName,
  payload,
  headers: NO_HEADERS,
  zap: undefined,
});

/** A table, its clock, and the ids of what was sent. */
function table(limit = 10) {
  const clock = new ManualClock();
  const requests = new PendingRequests(clock, limit);
  const sent: string[] = [];
  const open = (eventName = "ask", options: RequestOptions = {}) =>
    requests.open(eventName, options, (id) => sent.push(id));
  return { clock, requests, sent, open };
}

const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
  } catch (error) {
    return error instanceof ZapError ? error.code : `not coded: ${error}`;
  }
  return "resolved";
};

describe("an answer", () => {
  test.each([undefined, null, false, 0, "", { a: 1 }])("may be %j", async (payload) => {
    const { requests, sent, open } = table();
    const answer = open();
    expect(requests.answer(envelope("ask", payload), sent[0] ?? "")).toBe(true);
    expect(await answer).toBe(payload);
  });

  test("in another order than the questions finds its question", async () => {
    const { requests, sent, open } = table();
    const answers = [open("a"), open("b"), open("c")];
    for (const index of [2, 0, 1]) requests.answer(envelope("abc"[index] ?? "", index), sent[index] ?? "");
    expect(await Promise.all(answers)).toEqual([0, 1, 2]);
  });

  test("frees its entry and its timer", () => {
    const { clock, requests, sent, open } = table();
    open();
    expect([requests.size, clock.timers]).toEqual([1, 1]);
    requests.answer(envelope("ask", 1), sent[0] ?? "");
    expect([requests.size, clock.timers]).toEqual([0, 0]);
  });

  test("that comes a second time is passed over", async () => {
    const { requests, sent, open } = table();
    const answer = open();
    expect(requests.answer(envelope("ask", "first"), sent[0] ?? "")).toBe(true);
    expect(requests.answer(envelope("ask", "second"), sent[0] ?? "")).toBe(false);
    expect(await answer).toBe("first");
  });

  test("that comes late is passed over", async () => {
    const { clock, requests, sent, open } = table();
    const answer = open("ask", { timeout: 50 });
    clock.advance(50);
    expect(requests.size).toBe(0);
    expect(requests.answer(envelope("ask", 1), sent[0] ?? "")).toBe(false);
    expect(await codeOf(answer)).toBe("timeout");
  });

  test.each([
    "0",
    "2",
    "1 ",
    "",
    "01",
    "1.0",
    "__proto__",
    "constructor",
    "toString",
    "size",
  ])("to %j, which nobody asked, is passed over", (re) => {
    const { requests, sent, open } = table();
    open();
    expect(sent).toEqual(["1"]);
    expect(requests.answer(envelope("ask", 1), re)).toBe(false);
    expect(requests.size).toBe(1);
  });

  test("under another name leaves the request open", async () => {
    const { requests, sent, open } = table();
    const answer = open("ask");
    expect(requests.answer(envelope("other", 1), sent[0] ?? "")).toBe(false);
    expect(requests.answer(envelope("ask", 2), sent[0] ?? "")).toBe(true);
    expect(await answer).toBe(2);
  });

  test("that is an error fails the request with its code and details", async () => {
    const { requests, sent, open } = table();
    const answer = open();
    requests.answer(envelope("error", { code: "room_full", message: "Full.", details: { max: 2 } }), sent[0] ?? "");
    await expect(answer).rejects.toMatchObject({ code: "room_full", message: "Full.", details: { max: 2 } });
    await expect(answer).rejects.toBeInstanceOf(ZapError);
  });
});

describe("a timeout", () => {
  test("fires not before its time, and frees the entry", async () => {
    const { clock, requests, open } = table();
    const answer = open("ask", { timeout: 100 });
    clock.advance(99);
    expect(requests.size).toBe(1);
    clock.advance(1);
    expect([requests.size, clock.timers]).toEqual([0, 0]);
    expect(await codeOf(answer)).toBe("timeout");
  });

  test("is 10 s where nothing is said", () => {
    const { clock, requests, open } = table();
    open();
    clock.advance(REQUEST_TIMEOUT_MS - 1);
    expect([REQUEST_TIMEOUT_MS, requests.size]).toEqual([10_000, 1]);
    clock.advance(1);
    expect(requests.size).toBe(0);
  });

  test("of 0 rejects, and nothing is sent", async () => {
    const { requests, sent, open } = table();
    expect(await codeOf(open("ask", { timeout: 0 }))).toBe("timeout");
    expect([requests.size, sent]).toEqual([0, []]);
  });

  test("of Infinity sets no timer", () => {
    const { clock, requests, open } = table();
    open("ask", { timeout: Number.POSITIVE_INFINITY });
    expect([requests.size, clock.timers]).toEqual([1, 0]);
  });

  test.each([
    -1,
    Number.NaN,
    "5",
    null,
    {},
    Symbol("s"),
    5n,
  ])("that is no number of milliseconds is refused", async (timeout) => {
    const { requests, sent, open } = table();
    const options: object = { timeout };
    expect(await codeOf(open("ask", options))).toBe("invalid_argument");
    expect([requests.size, sent]).toEqual([0, []]);
  });
});

describe("a signal", () => {
  test("that aborts cancels the request, with its reason as cause", async () => {
    const { clock, requests, open } = table();
    const abort = new AbortController();
    const answer = open("ask", { signal: abort.signal });
    abort.abort("enough");
    await expect(answer).rejects.toMatchObject({ code: "cancelled", cause: "enough" });
    expect([requests.size, clock.timers]).toEqual([0, 0]);
  });

  test("that has aborted before keeps the request from being sent", async () => {
    const { sent, open } = table();
    expect(await codeOf(open("ask", { signal: AbortSignal.abort() }))).toBe("cancelled");
    expect(sent).toEqual([]);
  });

  test("is let go of once the request is settled", async () => {
    const { requests, sent, open } = table();
    const abort = new AbortController();
    const listening = countListeners(abort.signal);
    const answer = open("ask", { signal: abort.signal });
    expect(listening()).toBe(1);
    requests.answer(envelope("ask", 1), sent[0] ?? "");
    expect(listening()).toBe(0);
    abort.abort();
    expect(await answer).toBe(1);
  });
});

describe("the table", () => {
  test("takes requests up to its limit and refuses one more, unsent", async () => {
    const { requests, sent, open } = table(3);
    for (let count = 0; count < 3; count++) open();
    expect(await codeOf(open())).toBe("too_many_requests");
    expect([requests.size, sent.length]).toEqual([3, 3]);
  });

  test("takes another once one has been settled", async () => {
    const { requests, sent, open } = table(1);
    open();
    requests.answer(envelope("ask", 1), sent[0] ?? "");
    const answer = open();
    requests.answer(envelope("ask", 2), sent[1] ?? "");
    expect(await answer).toBe(2);
  });

  test("never gives two requests one id", () => {
    const { sent, open } = table(1_000);
    for (let count = 0; count < 1_000; count++) open();
    expect(new Set(sent).size).toBe(1_000);
    for (const id of sent) expect(id.length).toBeLessThanOrEqual(64);
  });

  test("fails all that wait when the connection is over", async () => {
    const { clock, requests, open } = table();
    const answers = [open("a"), open("b"), open("c")];
    requests.failAll();
    expect([requests.size, clock.timers]).toEqual([0, 0]);
    expect(await Promise.all(answers.map(codeOf))).toEqual(["disconnected", "disconnected", "disconnected"]);
  });
});

describe("a request", () => {
  test("that cannot be sent fails with the reason and leaves nothing behind", async () => {
    const { clock, requests } = table();
    const answer = requests.open("ask", {}, () => {
      throw new ZapError("unencodable_payload", "no");
    });
    expect(await codeOf(answer)).toBe("unencodable_payload");
    expect([requests.size, clock.timers]).toEqual([0, 0]);
  });

  test.each(["connected", "disconnected", "error", "zap:hello"])("cannot be called %s", async (eventName) => {
    const { sent, open } = table();
    expect(await codeOf(open(eventName))).toBe("reserved_event_name");
    expect(sent).toEqual([]);
  });

  test.each([undefined, 7, null, {}])("named %j is left to the encoder to refuse", async (eventName) => {
    const { requests } = table();
    const answer: Promise<unknown> = Reflect.apply(requests.open, requests, [
      eventName,
      {},
      () => {
        throw new ZapError("invalid_event_name");
      },
    ]);
    expect(await codeOf(answer)).toBe("invalid_event_name");
  });

  test("may be left alone: its failure is nobody's unhandled rejection", async () => {
    const unhandled: unknown[] = [];
    const listener = (error: unknown) => unhandled.push(error);
    process.on("unhandledRejection", listener);
    const { requests, open } = table();
    open();
    open("ask", { timeout: 0 });
    requests.failAll();
    // Unhandled rejections are reported once the microtasks are done.
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", listener);
    expect(unhandled).toEqual([]);
  });
});

/** Counts the listeners a signal has; it does not say so itself. */
function countListeners(signal: AbortSignal): () => number {
  let count = 0;
  const { addEventListener, removeEventListener } = signal;
  Object.assign(signal, {
    addEventListener(...given: Parameters<AbortSignal["addEventListener"]>) {
      count++;
      Reflect.apply(addEventListener, signal, given);
    },
    removeEventListener(...given: Parameters<AbortSignal["removeEventListener"]>) {
      count--;
      Reflect.apply(removeEventListener, signal, given);
    },
  });
  return () => count;
}
