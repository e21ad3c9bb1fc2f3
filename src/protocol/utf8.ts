// Measures text as UTF-8 without encoding it. Knows nothing of envelopes or sockets.

/**
 * The number of bytes `text` takes as UTF-8 (RFC 3629). A lone surrogate counts as the three bytes of U+FFFD,
 * which is what an encoder puts in its place.
 */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 ? 1 : 2;
    if (isHighSurrogate(unit) && isLowSurrogate(text.charCodeAt(index + 1))) index++;
  }
  return bytes;
}

// A pattern finds the first character beyond ASCII several times faster than a loop does.
const NOT_ASCII = /[\u0080-\uffff]/;

/**
 * Whether `text` takes more than `limit` bytes as UTF-8. Texts that cannot, or must, are decided by their length
 * alone, so the usual small envelope costs one comparison.
 */
export function exceedsUtf8(text: string, limit: number): boolean {
  if (text.length * 3 <= limit) return false;
  return text.length > limit || (NOT_ASCII.test(text) && utf8Length(text) > limit);
}

/** The longest start of `text` that takes at most `limit` bytes as UTF-8, never cutting a code point in two. */
export function truncateUtf8(text: string, limit: number): string {
  if (!exceedsUtf8(text, limit)) return text;
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += utf8Length(character);
    if (bytes > limit) break;
    end += character.length;
  }
  return text.slice(0, end);
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
