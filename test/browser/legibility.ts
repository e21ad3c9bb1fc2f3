// Measures whether a page can be read: the contrast of every text with what is behind it, and what sticks out of view.
// Runs inside the page.
import type { Page } from "playwright-core";

/** What WCAG 2.2 asks of ordinary text (success criterion 1.4.3, level AA). */
const CONTRAST = 4.5;

/** The texts of a page with a contrast below `least`, each with its own; disabled controls are exempt, as in WCAG. */
export function faintTexts(page: Page, least: number = CONTRAST): Promise<string[]> {
  return page.evaluate(findFaint, least);
}

/** Pixels by which the page is wider than its view. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Handed to the page as it is, so it may use nothing from outside itself. */
function findFaint(least: number): string[] {
  type Colour = readonly [red: number, green: number, blue: number, alpha: number];
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const painter = canvas.getContext("2d", { willReadFrequently: true });
  if (painter === null) throw new Error("no canvas");

  const read = (colour: string): Colour => {
    painter.clearRect(0, 0, 1, 1);
    painter.fillStyle = colour;
    painter.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = painter.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (top: Colour, below: Colour): Colour => {
    const mix = (a: number, b: number) => a * top[3] + b * (1 - top[3]);
    return [mix(top[0], below[0]), mix(top[1], below[1]), mix(top[2], below[2]), 1];
  };
  const behind = (element: Element | null): Colour => {
    if (element === null) return [255, 255, 255, 1];
    const own = read(getComputedStyle(element).backgroundColor);
    return own[3] === 1 ? own : over(own, behind(element.parentElement));
  };
  // Relative luminance and contrast as WCAG 2.2 defines them.
  const luminance = ([red, green, blue]: Colour): number => {
    const linear = (channel: number) => {
      const share = channel / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  };
  const contrast = (a: Colour, b: Colour): number => {
    const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other);
    return (light + 0.05) / (dark + 0.05);
  };

  const faint: string[] = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const text = node.textContent?.trim() ?? "";
    const element = node.parentElement;
    if (text === "" || element === null || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.closest(":disabled, script, style") !== null) continue;
    const ground = behind(element);
    const ratio = contrast(over(read(getComputedStyle(element).color), ground), ground);
    if (ratio < least) faint.push(`${ratio.toFixed(2)} ${element.className} "${text.slice(0, 40)}"`);
  }
  return faint;
}
