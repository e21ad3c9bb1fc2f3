// The showcase's page in a browser, in the words of those who use it. Judges nothing.
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";

/** One person at one page, with a browser profile of their own. */
export class ChatPage {
  readonly page: Page;
  /** What went wrong inside the page: errors nobody caught, and what its policy did not let through. */
  readonly errors: string[] = [];
  /** Dialogs that opened. There should never be one. */
  readonly dialogs: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.errors.push(error.message));
    page.on("console", (entry) => {
      // A connection that cannot be had is logged by the browser itself, whatever the page makes of it.
      const isBrowsers = /^WebSocket connection to |ERR_CONNECTION_REFUSED/.test(entry.text());
      if (entry.type() === "error" && !isBrowsers) this.errors.push(entry.text());
    });
    page.on("dialog", (dialog) => {
      this.dialogs.push(dialog.message());
      dialog.dismiss();
    });
  }

  /** Opens the page and waits until it is connected. */
  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<ChatPage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    // Below the time a test has, so that what is said of a failure is what was waited for.
    context.setDefaultTimeout(30_000);
    const chat = new ChatPage(await context.newPage());
    await chat.page.goto(url);
    await chat.status("open");
    return chat;
  }

  get name(): Locator {
    return this.page.getByLabel("Your name");
  }

  get room(): Locator {
    return this.page.getByLabel("Room", { exact: true });
  }

  get text(): Locator {
    return this.page.getByLabel("What to say");
  }

  get members(): Locator {
    return this.page.locator("#members li");
  }

  get typing(): Locator {
    return this.page.locator("#typing");
  }

  /** Everything in the log: what was said and what is noted. */
  get log(): Locator {
    return this.page.getByRole("log").locator("li");
  }

  /** The rows of the panel with the frames. */
  get frames(): Locator {
    return this.page.locator("#frames-list li");
  }

  /** Waits until the connection is in this state. */
  async status(status: string): Promise<void> {
    await this.page.locator(`#state[data-status=${status}]`).waitFor();
  }

  /** Fills in the form and sends it off. */
  async ask(name: string, room: string): Promise<void> {
    await this.name.fill(name);
    await this.room.fill(room);
    await this.page.getByRole("button", { name: "Join" }).click();
  }

  /** Joins a room, and waits until it has. */
  async join(name: string, room: string): Promise<void> {
    await this.ask(name, room);
    await this.inRoom();
  }

  /** Waits until something can be said. */
  async inRoom(): Promise<void> {
    await this.page.locator("#text:enabled").waitFor();
  }

  /** Says something, and waits until it is in the log. */
  async say(text: string): Promise<void> {
    await this.text.fill(text);
    await this.text.press("Enter");
    await this.page.locator(".entry.mine .text", { hasText: text }).last().waitFor();
  }

  /** Waits until the log has an entry with this text. */
  async sees(text: string): Promise<void> {
    await this.log.filter({ hasText: text }).last().waitFor();
  }

  /** Opens the panel with the frames. */
  async openFrames(): Promise<void> {
    await this.page.getByRole("button", { name: "Frames", exact: true }).click();
    await this.page.locator("#frames").waitFor();
  }

  /** The rows of the panel as "way kind name payload". */
  async frameTexts(): Promise<string[]> {
    return this.frames.evaluateAll((rows) =>
      rows.map((row) => {
        const part = (name: string) => row.querySelector(`.frame-${name}`)?.textContent ?? "";
        return [row.dataset.way, row.dataset.kind, part("name"), part("payload")].join(" ");
      }),
    );
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
