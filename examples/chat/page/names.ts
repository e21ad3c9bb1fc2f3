// What stands for a name: a colour and a letter or two. Knows nobody.
import { element } from "./dom.ts";

// Degrees on the colour wheel, far enough apart to be told from each other.
const HUES = [15, 45, 75, 115, 145, 170, 200, 230, 260, 290, 320, 345];

/** The hue of a name, in degrees; the same for everyone who sees it. */
export function hueOf(name: string): number {
  let hash = 7;
  for (const character of name) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return HUES[hash % HUES.length] ?? 0;
}

/** The first letters of the first two words; of a name without letters, its first character. */
function initialsOf(name: string): string {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? [name];
  const letters = words.slice(0, 2).map((word) => [...word][0] ?? "");
  return letters.join("").toUpperCase();
}

/** The round badge of a name. Screen readers read the name beside it instead. */
export function avatarOf(name: string): HTMLElement {
  const avatar = element("span", "avatar", initialsOf(name));
  avatar.style.setProperty("--hue", String(hueOf(name)));
  avatar.setAttribute("aria-hidden", "true");
  return avatar;
}
