// Holds the tables of the guides to what is declared of the connectors, which the runs of the contract show to be true.
import { expect, it } from "vitest";
import { CONNECTORS, type ConnectorName } from "../contracts/connectors.ts";
import { tableOf } from "../contracts/table.ts";
import { PAGES, read } from "./pages.ts";

const names = Object.keys(CONNECTORS) as ConnectorName[];
const pages = [...new Set(names.map((name) => `docs/${CONNECTORS[name].page}.md`))].filter((page) =>
  PAGES.includes(page),
);

it("there is a guide to connectors", () => {
  expect(pages).toContain("docs/guide-connectors.md");
});

it.each(pages)("%s has the table of its connectors, case by case", (page) => {
  const own = names.filter((name) => page === `docs/${CONNECTORS[name].page}.md`);
  expect(read(page)).toContain(tableOf(own));
});
