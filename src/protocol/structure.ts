// Looks over a JSON text before it is parsed: nesting, repeated envelope keys, numbers beyond a double.
// Does not decide whether the text is JSON; JSON.parse does.
import { DUPLICATE_KEY, NUMBER_OUT_OF_RANGE, type Refusal, TOO_DEEP } from "./refusal.ts";

const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const ENVELOPE_KEYS = ["eventName", "payload", "headers"] as const;
const LONGEST_KEY = 9;
// Each character of a key may be written as an escape of six.
const LONGEST_ESCAPED_KEY = LONGEST_KEY * 6;
// A pattern, for JSON.parse throws at escapes that are wrong, and an error for each key of a frame takes long.
const ESCAPED_KEYS = ENVELOPE_KEYS.map((key) => new RegExp(`^(?:${[...key].map(plainOrEscaped).join("")})$`));

// The largest double has 309 digits, so a shorter number without an exponent is finite. The shortest number that is
// not has five characters: 1e309, or 9e308.
const SAFE_DIGITS = 308;
const SAFE_LENGTH = 4;

/**
 * Walks over `text` once, without recursion and without building anything.
 *
 * @returns `undefined` when there is nothing against parsing it.
 */
export function inspectStructure(text: string, depthLimit: number): Refusal | undefined {
  let depth = 0;
  let keyComes = false;
  let seen = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === QUOTE) {
      const end = endOfString(text, index);
      if (keyComes && depth === 1) {
        const bit = envelopeKey(text, index + 1, end);
        if ((seen & bit) !== 0) return DUPLICATE_KEY;
        seen |= bit;
      }
      index = end;
    } else if (unit === OPEN_BRACE || unit === OPEN_BRACKET) {
      if (++depth > depthLimit) return TOO_DEEP;
      keyComes = unit === OPEN_BRACE;
    } else if (unit === CLOSE_BRACE || unit === CLOSE_BRACKET) {
      // Another value after the first is not JSON; its keys are nobody's.
      if (--depth === 0) return undefined;
    } else if (unit === COMMA) keyComes = true;
    else if (unit === COLON) keyComes = false;
    else if ((unit >= ZERO && unit <= NINE) || unit === MINUS) {
      const end = endOfNumber(text, index + 1);
      if (end - index > SAFE_LENGTH && !fitsDouble(text, index, end)) return NUMBER_OUT_OF_RANGE;
      index = end - 1;
    }
  }
  return undefined;
}

/** Whether the JSON `text` nests deeper than `depthLimit`. */
export function exceedsDepth(text: string, depthLimit: number): boolean {
  // Each level takes an opening and a closing character.
  if (text.length <= depthLimit * 2) return false;
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === QUOTE) index = endOfString(text, index);
    else if (unit === OPEN_BRACE || unit === OPEN_BRACKET) {
      if (++depth > depthLimit) return true;
    } else if (unit === CLOSE_BRACE || unit === CLOSE_BRACKET) depth--;
  }
  return false;
}

/** The index of the quote that ends the string opened at `start`, or the text's length where none does. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, index: number): boolean {
  let first = index;
  while (text.charCodeAt(first - 1) === BACKSLASH) first--;
  return (index - first) % 2 === 1;
}

/** The bit of the envelope key written from `start` to `end`, with or without escapes; 0 for any other key. */
function envelopeKey(text: string, start: number, end: number): number {
  const length = end - start;
  if (length > LONGEST_ESCAPED_KEY) return 0;
  const place =
    length <= LONGEST_KEY
      ? ENVELOPE_KEYS.findIndex((key) => key.length === length && text.startsWith(key, start))
      : ESCAPED_KEYS.findIndex((pattern) => pattern.test(text.slice(start, end)));
  return place === -1 ? 0 : 1 << place;
}

function plainOrEscaped(character: string): string {
  const digits = [...character.charCodeAt(0).toString(16)].map((digit) => `[${digit}${digit.toUpperCase()}]`);
  return `(?:${character}|\\\\u00${digits.join("")})`;
}

function endOfNumber(text: string, start: number): number {
  let end = start;
  while (isNumberPart(text.charCodeAt(end))) end++;
  return end;
}

function isNumberPart(unit: number): boolean {
  // The letters are those of an exponent: E and e.
  return (unit >= ZERO && unit <= NINE) || unit === DOT || unit === MINUS || unit === PLUS || (unit | 0x20) === 0x65;
}

function fitsDouble(text: string, start: number, end: number): boolean {
  if (end - start <= SAFE_DIGITS && !hasExponent(text, start, end)) return true;
  const value = Number(text.slice(start, end));
  return Number.isNaN(value) || Number.isFinite(value);
}

function hasExponent(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index++) if ((text.charCodeAt(index) | 0x20) === 0x65) return true;
  return false;
}
