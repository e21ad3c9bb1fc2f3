// Builds the package into dist/: beside it first, so that whoever runs from dist/ never finds it half written.
import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { buildScriptTag } from "./build-script-tag.mjs";

const fresh = `.cache/build-${process.pid}`;

try {
  mkdirSync(fresh, { recursive: true });
  const compiler = "node_modules/typescript/bin/tsc";
  execFileSync(process.execPath, [compiler, "-p", "tsconfig.build.json", "--outDir", fresh], { stdio: "inherit" });
  await buildScriptTag(`${fresh}/client/index.js`, `${fresh}/zaptools.min.js`);
  rmSync("dist", { recursive: true, force: true });
  renameSync(fresh, "dist");
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
