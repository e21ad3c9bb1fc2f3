// The strip of processes on top of the showcase's page, in the words of those who use it. Judges nothing.
import type { Locator, Page } from "playwright-core";

/** The strip of one page. */
export class ClusterStrip {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** The process with this number. */
  process(number: number): Locator {
    return this.#page
      .getByRole("region", { name: "Processes" })
      .getByRole("listitem")
      .nth(number - 1);
  }

  /** Waits until the process is in this state. */
  async state(number: number, state: "alive" | "ended" | "starting"): Promise<void> {
    await this.process(number)
      .and(this.#page.locator(`[data-state=${state}]`))
      .waitFor({ timeout: 15_000 });
  }

  /** The number of the process this page is connected to; waits until it is connected to one. */
  async home(): Promise<number> {
    const name = this.#page.locator('.process[data-home="true"] .process-name');
    return Number((await name.textContent())?.replace("Process ", ""));
  }

  /** Presses the button that kills a process. */
  async kill(number: number): Promise<void> {
    await this.#page.getByRole("button", { name: `Kill process ${number}` }).click();
  }
}
