// The browser's signals, on a stand-in for its global object.
import { afterEach, expect, test } from "vitest";
import { browserEnvironment } from "./environment.ts";

const page = new EventTarget();

afterEach(() => {
  Reflect.deleteProperty(globalThis, "addEventListener");
});

function watch() {
  const signals: string[] = [];
  Object.assign(globalThis, { addEventListener: page.addEventListener.bind(page) });
  return { signals, stop: browserEnvironment((signal) => signals.push(signal)) };
}

test("coming back, being shown again and changing visibility are worth a try; going offline is the end", () => {
  const { signals, stop } = watch();
  for (const type of ["online", "pageshow", "visibilitychange", "offline"]) page.dispatchEvent(new Event(type));
  expect(signals).toEqual(["online", "online", "online", "offline"]);
  stop();
});

test("nothing is told once it is stopped", () => {
  const { signals, stop } = watch();
  stop();
  page.dispatchEvent(new Event("offline"));
  expect(signals).toEqual([]);
});

test("a runtime without such events never tells anything", () => {
  expect(() => browserEnvironment(() => {})()).not.toThrow();
});
