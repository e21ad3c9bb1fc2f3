// A page with a client in a browser, in the hands of a test. Judges nothing, and knows no browser.
import type { Life } from "./page.ts";

/** The part of a browser's page that is used here; those of Playwright and Puppeteer have it. */
export interface BrowserPage {
  goto(url: string): Promise<unknown>;
  evaluate<T, A>(run: (given: A) => T | Promise<T>, given: A): Promise<T>;
  bringToFront(): Promise<void>;
  isClosed(): boolean;
  close(): Promise<void>;
}

/** What of the page's life can leave the page. */
export type Told = Pick<Life, "role" | "statuses" | "closes" | "ticks" | "outcomes" | "errors" | "told">;

/** What a page is opened with. */
export interface LifeOptions {
  readonly name?: string;
  /** Whether it shares its connection with other pages: not at all, with all, or it would if there were locks. */
  readonly sharing?: "none" | "all" | "no locks";
  readonly limits?: Readonly<Record<string, number>>;
}

/** A page. */
export class LifePage<P extends BrowserPage = BrowserPage> {
  readonly page: P;

  private constructor(page: P) {
    this.page = page;
  }

  /** Opens `page` and waits until its client is connected. */
  static async open<P extends BrowserPage>(page: P, server: string, options: LifeOptions = {}): Promise<LifePage<P>> {
    const { name = "page", sharing = "none", limits = {} } = options;
    const query = new URLSearchParams({ name, sharing, limits: JSON.stringify(limits) });
    await page.goto(`${server}/?${query}`);
    const opened = new LifePage(page);
    await opened.status("open");
    return opened;
  }

  /** What has happened so far. */
  told(): Promise<Told> {
    return this.page.evaluate(() => {
      const { role, statuses, closes, ticks, outcomes, errors, told } = life;
      return { role, statuses, closes, ticks, outcomes, errors, told };
    }, undefined);
  }

  /** Waits until the client is in this state. */
  status(status: string): Promise<void> {
    return this.page.evaluate((wanted) => life.until(() => life.client.getSnapshot().status === wanted), status);
  }

  /** Waits until the client has had this tick. */
  ticked(tick: number): Promise<void> {
    return this.page.evaluate((wanted) => life.until(() => life.ticks.includes(wanted)), tick);
  }

  /** Waits until what was said or asked has become something. */
  settled(...texts: string[]): Promise<void> {
    return this.page.evaluate(
      (wanted) => life.until(() => wanted.every((text) => ![undefined, "pending"].includes(life.outcomes[text]))),
      texts,
    );
  }

  say(...texts: string[]): Promise<void> {
    return this.page.evaluate((given) => life.say(...given), texts);
  }

  ask(eventName: string, text: string): Promise<void> {
    return this.page.evaluate(([name = "", given = ""]) => life.ask(name, given), [eventName, text]);
  }

  /** Waits until another tab is in front of it. */
  hidden(): Promise<void> {
    return this.page.evaluate(() => life.until(() => document.visibilityState === "hidden"), undefined);
  }

  /** Goes back to the page that was there before. */
  async goBack(): Promise<void> {
    await this.page.evaluate(() => history.back(), undefined);
  }

  /** Nothing runs on the page for so long, and nobody is told. Does not wait for the end of it. */
  block(ms: number): Promise<void> {
    return this.page.evaluate((given) => {
      setTimeout(() => {
        const end = Date.now() + given;
        while (Date.now() < end);
      });
    }, ms);
  }
}
