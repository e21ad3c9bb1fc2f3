// Pages that share one connection to one server, for tests about tabs. Knows no browser.
import { expect } from "vitest";
import { type BrowserPage, type LifeOptions, LifePage } from "./life-page.ts";
import { LifeServer, lifePageFiles } from "./life-server.ts";

// A busy machine keeps a page that is well silent for a second: nobody is to be given up for that.
const QUICK = { heartbeatMs: 400, heartbeatTimeoutMs: 2_000 };

const files = lifePageFiles();

/** A server, and the pages that are open at it. */
export class SharedTabs {
  readonly server: LifeServer;
  readonly #pages: BrowserPage[] = [];
  #rounds = 0;

  private constructor(server: LifeServer) {
    this.server = server;
  }

  static async begin(): Promise<SharedTabs> {
    return new SharedTabs(await LifeServer.start(files, { heartbeatMs: QUICK.heartbeatMs }));
  }

  async end(): Promise<void> {
    for (const page of this.#pages) if (!page.isClosed()) await page.close();
    await this.server.stop();
  }

  /** Where the tabs hear each other. */
  get channelName(): string {
    return `zaptools:1:ws://${new URL(this.server.url).host}/ws`;
  }

  async open<P extends BrowserPage>(
    page: P,
    name: string,
    sharing: LifeOptions["sharing"] = "all",
  ): Promise<LifePage<P>> {
    this.#pages.push(page);
    return LifePage.open(page, this.server.url, { name, sharing, limits: QUICK });
  }

  /** Three pages, of which the first one leads. */
  async openThree<P extends BrowserPage>(
    newPage: () => Promise<P>,
  ): Promise<readonly [LifePage<P>, LifePage<P>, LifePage<P>]> {
    const one = await this.open(await newPage(), "one");
    const three = [one, await this.open(await newPage(), "two"), await this.open(await newPage(), "three")] as const;
    expect(await rolesOf(...three)).toEqual(["leader", "follower", "follower"]);
    return three;
  }

  /** One connection; every page has each event once, and its own answers. */
  async checkWell(...some: readonly LifePage[]): Promise<void> {
    const { server } = this;
    await server.until(() => server.open === 1);
    for (const page of some) await page.status("open");
    expect((await rolesOf(...some)).filter((role) => role === "leader")).toHaveLength(1);
    const tick = server.tick();
    this.#rounds++;
    for (const [index, page] of some.entries()) {
      const [said, asked] = [`well ${this.#rounds}.${index}`, `how ${this.#rounds}.${index}`];
      await page.ticked(tick);
      // Once this is answered the page knows who leads, of whom it may have heard later than the server has.
      await page.ask("ask", asked);
      await page.settled(asked);
      await page.say(said);
      await page.settled(said);
      const { outcomes, ticks } = await page.told();
      expect(outcomes).toMatchObject({ [said]: "sent", [asked]: `answer to ${asked}` });
      expect(ticks).toEqual([...new Set(ticks)].sort((a, b) => a - b));
      // A page knows that it was sent before the server has it.
      await server.until(() => server.said.includes(said));
      this.expectOnce(said);
    }
    expect(server.open).toBe(1);
  }

  /** These have arrived once each, in this order, whatever came between them. */
  expectOnce(...texts: readonly string[]): void {
    expect(this.server.said.filter((text) => texts.includes(text))).toEqual(texts);
  }
}

/** Who leads. */
export async function rolesOf(...some: readonly LifePage[]): Promise<string[]> {
  return Promise.all(some.map(async (page) => (await page.told()).role));
}
