// Looks over a JSON text before it is parsed: nesting, repeated envelope keys, numbers beyond a double.
// Does not decide whether the text is JSON; JSON.parse does.
import { DUPLICATE_KEY, NUMBER_OUT_OF_RANGE, type Refusal, TOO_DEEP } from "./refusal.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const ENVELOPE_KEYS = ["eventName", "payload", "headers"];

// The largest double has 309 digits, so a shorter number without an exponent is finite.
const SAFE_DIGITS = 308;
const NUMBER_TOKEN = /[-+0-9.eE]+/y;
const EXPONENT = /e/i;

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
        const bit = envelopeKey(text.slice(index, end + 1));
        if ((seen & bit) !== 0) return DUPLICATE_KEY;
        seen |= bit;
        keyComes = false;
      }
      index = end;
    } else if (unit === OPEN_BRACE || unit === OPEN_BRACKET) {
      if (++depth > depthLimit) return TOO_DEEP;
      keyComes = unit === OPEN_BRACE;
    } else if (unit === CLOSE_BRACE || unit === CLOSE_BRACKET) depth--;
    else if (unit === COMMA) keyComes = true;
    else if (unit === COLON) keyComes = false;
    else if (isNumberStart(unit)) {
      const end = endOfNumber(text, index);
      if (!fitsDouble(text, index, end)) return NUMBER_OUT_OF_RANGE;
      index = end - 1;
    }
  }
  return undefined;
}

/** Whether `text` nests deeper than `depthLimit`; for texts of our own making, where nothing else can be wrong. */
export function exceedsDepth(text: string, depthLimit: number): boolean {
  // Each level takes an opening and a closing character.
  return text.length > depthLimit * 2 && inspectStructure(text, depthLimit) === TOO_DEEP;
}

/** The index of the quote that ends the string opened at `start`, or the last index where none does. */
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

/** The bit of an envelope key, written with or without escapes; 0 for any other key. */
function envelopeKey(literal: string): number {
  let key: unknown = literal.slice(1, -1);
  if (literal.includes("\\")) {
    try {
      key = JSON.parse(literal);
    } catch {
      return 0;
    }
  }
  const place = typeof key === "string" ? ENVELOPE_KEYS.indexOf(key) : -1;
  return place === -1 ? 0 : 1 << place;
}

function isNumberStart(unit: number): boolean {
  return (unit >= 0x30 && unit <= 0x39) || unit === 0x2d;
}

function endOfNumber(text: string, start: number): number {
  NUMBER_TOKEN.lastIndex = start;
  NUMBER_TOKEN.test(text);
  return NUMBER_TOKEN.lastIndex;
}

function fitsDouble(text: string, start: number, end: number): boolean {
  if (end - start <= 4) {
    // Too short to overflow: the shortest that does is 1e309, or 9e308.
    return true;
  }
  const token = text.slice(start, end);
  if (token.length <= SAFE_DIGITS && !EXPONENT.test(token)) return true;
  return Number.isNaN(Number(token)) || Number.isFinite(Number(token));
}
