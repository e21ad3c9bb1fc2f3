// Payloads that languages write differently, or are tempted to take for nothing.

/** Each with what it is, for a test's name. */
export const VALUES: readonly (readonly [what: string, payload: unknown])[] = [
  ["null", null],
  ["false", false],
  ["zero", 0],
  ["an empty text", ""],
  ["an empty list", []],
  ["an empty object", {}],
  ["text from everywhere", "¡hola! grüße, 你好, שלום, 👋🏽, \u0000, \u2028"],
  ["what some escape for HTML", "<b>&amp;</b> \"quoted\" 'so' \\ /"],
  ["numbers", [1.5, -0.1, 1e-7, 1e21, 9007199254740991]],
  ["names that mean something in JavaScript", { constructor: 1, toString: null, length: "x" }],
  ["nested lists and objects", { a: [{ b: [null, [true, "c"]] }] }],
  ["25,000 characters", "ö".repeat(5_000) + "x".repeat(20_000)],
];
