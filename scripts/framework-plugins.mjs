// What esbuild needs to build pages with the frameworks of test/browser/frameworks. Knows no page.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { transform } from "esbuild";
import { ensureFrameworks } from "./toolchain.mjs";

/** The options of esbuild that each framework wants besides its plugin. */
const OPTIONS = {
  react: { jsx: "automatic", define: { "process.env.NODE_ENV": '"development"' } },
  vue: {
    define: {
      "process.env.NODE_ENV": '"development"',
      __VUE_OPTIONS_API__: "false",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
    },
  },
  svelte: {},
  solid: {},
};

const PLUGINS = { react: () => [], vue: vuePlugins, svelte: sveltePlugins, solid: solidPlugins };

/** The frameworks there are. */
export const FRAMEWORKS = Object.keys(PLUGINS);

/**
 * What `esbuild.build` takes for one framework. Installs it when it is missing.
 *
 * @param {string} framework One of {@link FRAMEWORKS}.
 * @param {"browser" | "server"} side Where the page is rendered.
 */
export async function frameworkOptions(framework, side) {
  const folder = await ensureFrameworks();
  const require = createRequire(join(folder, "package.json"));
  return {
    ...OPTIONS[framework],
    nodePaths: [join(folder, "node_modules")],
    plugins: PLUGINS[framework](require, side),
  };
}

function vuePlugins(require, side) {
  const { compileScript, parse } = require("vue/compiler-sfc");
  return [
    plugin("vue", /\.vue$/, (source, filename) => {
      const { descriptor, errors } = parse(source, { filename });
      if (errors.length > 0) throw errors[0];
      const templateOptions = { ssr: side === "server", ssrCssVars: [] };
      const { content } = compileScript(descriptor, { id: basename(filename), inlineTemplate: true, templateOptions });
      return { contents: content, loader: "ts" };
    }),
  ];
}

function sveltePlugins(require, side) {
  const { compile } = require("svelte/compiler");
  const generate = side === "server" ? "server" : "client";
  return [
    plugin("svelte", /\.svelte$/, (source, filename) => {
      return { contents: compile(source, { filename, generate }).js.code, loader: "js" };
    }),
  ];
}

function solidPlugins(require, side) {
  const { transformAsync } = require("@babel/core");
  const generate = side === "server" ? "ssr" : "dom";
  return [
    plugin("solid", /\.tsx$/, async (source, filename) => {
      const { code } = await transform(source, { loader: "tsx", jsx: "preserve" });
      const presets = [[require("babel-preset-solid"), { generate }]];
      const result = await transformAsync(code, { filename, presets, babelrc: false, configFile: false });
      return { contents: result.code, loader: "js" };
    }),
  ];
}

function plugin(name, filter, compile) {
  return {
    name,
    setup(build) {
      build.onLoad({ filter }, async ({ path }) => compile(await readFile(path, "utf8"), path));
    },
  };
}
