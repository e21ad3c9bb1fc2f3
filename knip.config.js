// What is an entry of this project, for the search for dead code. The package's own entries are read from its exports.
import { readFileSync } from "node:fs";

const { exports } = JSON.parse(readFileSync(new URL("./package.json", import.meta.url), "utf8"));

/** The sources that the package's exports are built from. */
const entries = Object.values(exports)
  .flatMap((target) => (typeof target === "string" ? [] : Object.values(target)))
  .filter((path) => path.endsWith(".js"))
  .map((path) => path.replace("./dist/", "src/").replace(/\.js$/, ".ts!"));

export default {
  // Frameworks are optional on purpose, and used where they are installed.
  exclude: ["optionalPeerDependencies"],
  // A type may be exported because an exported declaration beside it is made of it.
  ignoreExportsUsedInFile: { interface: true, type: true },
  workspaces: {
    ".": {
      entry: [
        ...entries,
        "scripts/*.mjs!",
        "examples/*/{server,main}.{ts,tsx,mjs}",
        "examples/chat/page/main.ts",
        // Imported by components in languages of their own.
        "examples/{vue,svelte}/*.ts",
        "test/browser/pages/**/*.ts",
        // Translated or started by tests, by their paths.
        "test/decorators/{play,fixture}.ts",
        "test/e2e/programs/*.ts",
        "test/runtimes/**/*.{ts,mjs}",
        "test/browser/life/program.ts",
        ".ci/*.mjs",
      ],
      project: [
        "src/**/*.ts!",
        "scripts/**/*.mjs",
        "examples/**/*.{ts,tsx,mjs}",
        "test/**/*.{ts,mjs}",
        // Compiled by tests, with packages of test/toolchain.
        "!test/types/cases/**",
      ],
      ignoreDependencies: [
        // Called by scripts/check.mjs, by its path.
        "publint",
        // Of test/browser/frameworks, where the examples of the bindings are built.
        "@types/react",
        "@types/react-dom",
        "react-dom",
        "@babel/core",
        "babel-preset-solid",
        // Of test/browser/firefox, where there is a Firefox to drive.
        "puppeteer-core",
      ],
    },
    // Bun and taskset are started as processes, by name.
    bench: {
      entry: ["**/*.mjs"],
      project: ["**/*.mjs"],
      ignoreDependencies: ["bun"],
      ignoreBinaries: ["taskset"],
    },
    "test/toolchain": { entry: [], ignoreDependencies: [".*"] },
  },
};
