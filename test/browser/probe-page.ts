// One of the tests' pages in a browser, whatever framework it is made with. Judges nothing.
import type { Browser, Locator, Page } from "playwright-core";

/** A page that has been opened. */
export class ProbePage {
  readonly page: Page;
  /** What the page and its framework complained about. */
  readonly complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (entry) => {
      // A connection that is refused is logged by the browser itself.
      const isRefusal = entry.text().includes("ERR_CONNECTION_REFUSED");
      if (["error", "warning"].includes(entry.type()) && !isRefusal) this.complaints.push(entry.text());
    });
  }

  static async open(browser: Browser, url: string): Promise<ProbePage> {
    const context = await browser.newContext();
    const probe = new ProbePage(await context.newPage());
    await probe.page.goto(url);
    return probe;
  }

  part(id: string): Locator {
    return this.page.locator(`#${id}`);
  }

  /** Buttons have no face, so they cannot be clicked with a mouse. */
  async press(id: string): Promise<void> {
    await this.part(id).dispatchEvent("click");
  }

  /** Waits until a part shows this text. */
  async shows(id: string, text: string): Promise<void> {
    await this.page.waitForFunction(
      ([part, expected]) => document.getElementById(String(part))?.textContent?.trim() === expected,
      [id, text],
    );
  }

  /** Waits until the connection is in this state, as the page shows it. */
  async status(status: string): Promise<void> {
    await this.page.locator("#status", { hasText: new RegExp(`\\b${status}$`) }).waitFor();
  }

  /** How often the part with the state was rendered. */
  async rendered(): Promise<number> {
    return Number.parseInt((await this.part("status").textContent()) ?? "", 10);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
