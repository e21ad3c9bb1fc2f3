// Streams: nothing is lost between turns, and every end ends them.
import { expect, test } from "vitest";
import { settled } from "../../test/support/sleeping-clock.ts";
import type { Add, Listener } from "./call.ts";
import type { Snapshot } from "./client-types.ts";
import { stream } from "./stream.ts";

function listeners<T>(): readonly [Add<T>, (given: T) => void] {
  const all = new Set<Listener<T>>();
  const add: Add<T> = (listener) => {
    all.add(listener);
    return () => all.delete(listener);
  };
  return [
    add,
    (given) => {
      for (const listener of all) listener(given);
    },
  ];
}

function source(signal?: AbortSignal) {
  const [add, push] = listeners<number>();
  const [addState, tell] = listeners<Snapshot>();
  let open = 0;
  const values = stream<number>(
    (listener) => {
      open++;
      const stop = add(listener);
      return () => {
        open--;
        stop();
      };
    },
    addState,
    signal === undefined ? {} : { signal },
  );
  return {
    values,
    push,
    close: () => tell({ status: "closed" } as Snapshot),
    get open() {
      return open;
    },
  };
}

async function collect(values: AsyncIterable<number>): Promise<number[]> {
  const all: number[] = [];
  for await (const value of values) all.push(value);
  return all;
}

test("what was pushed before the loop began is there, in order", async () => {
  const from = source();
  from.push(1);
  from.push(2);
  const all = collect(from.values);
  from.push(3);
  await settled();
  from.push(4);
  from.close();
  expect(await all).toEqual([1, 2, 3, 4]);
});

test("a signal ends the loop", async () => {
  const controller = new AbortController();
  const from = source(controller.signal);
  const all = collect(from.values);
  from.push(1);
  await settled();
  controller.abort();
  expect(await all).toEqual([1]);
  expect(from.open).toBeLessThanOrEqual(0);
});

test("a signal that has aborted lets nothing begin", async () => {
  const from = source(AbortSignal.abort());
  from.push(1);
  expect(await collect(from.values)).toEqual([]);
});

test("leaving the loop takes the listener out", async () => {
  const from = source();
  from.push(1);
  for await (const value of from.values) {
    expect(value).toBe(1);
    break;
  }
  expect(from.open).toBeLessThanOrEqual(0);
});

test("more values than fit are refused, those that fit are kept", async () => {
  const from = source();
  for (let value = 0; value < 1_024; value++) from.push(value);
  expect(() => from.push(1_024)).toThrow(expect.objectContaining({ code: "queue_full" }));
  from.close();
  expect(await collect(from.values)).toHaveLength(1_024);
});
