// The channel between processes is the application's too: only what is ours is read, and only when it is whole.
import { expect, it } from "vitest";
import { readToHub, readToNode, toHub, toNode } from "./cluster-wire.ts";

it("is read as it was written", () => {
  const order = toHub("n", 3, [
    ["hello"],
    ["publish", "c", "t"],
    ["subscribe", ["a", "b"]],
    ["unsubscribe", []],
    ["bye"],
  ]);
  expect(readToHub(JSON.parse(JSON.stringify(order)))).toEqual(order);
  const news = toNode("n", { done: 3, texts: [["c", "t"]], gone: ["m"] });
  expect(readToNode(JSON.parse(JSON.stringify(news)), "n")).toEqual(news);
});

it("is nobody else's", () => {
  const news = toNode("n", { done: 3, texts: [], gone: [] });
  expect(readToNode(news, "m")).toBeUndefined();
  for (const foreign of ["stop", null, undefined, 7, {}, { cmd: "x" }, { mark: "other" }, []]) {
    expect(readToHub(foreign)).toBeUndefined();
    expect(readToNode(foreign, "n")).toBeUndefined();
  }
});

it("is refused when a part of it is not what it should be", () => {
  const good = toHub("n", 1, [["hello"]]);
  for (const wrong of [
    { node: 1 },
    { batch: "1" },
    { orders: {} },
    { orders: [["publish", "c"]] },
    { orders: [["fly"]] },
  ]) {
    expect(readToHub({ ...good, ...wrong })).toBeUndefined();
  }
  for (const orders of [[["subscribe", "c"]], [["subscribe", [1]]], ["hello"], [null]]) {
    expect(readToHub({ ...good, orders })).toBeUndefined();
  }
  const news = toNode("n", { done: 1, texts: [], gone: [] });
  for (const wrong of [{ done: "1" }, { texts: [["c"]] }, { texts: "t" }, { gone: [1] }, { gone: undefined }]) {
    expect(readToNode({ ...news, ...wrong }, "n")).toBeUndefined();
  }
});
