// A plugin for Vite: registers on its development and preview servers, beside its own WebSocket. Translates only.
import { Rejected } from "../core/admission-verdict.ts";
import type { AnyProcessor } from "../core/event-processor.ts";
import type { Pluggable } from "../core/register-base.ts";
import { invalidArgument } from "../protocol/errors.ts";
import { DEFAULT_LIMITS } from "../protocol/limits.ts";
import { type Attachment, type AttachOptions, attachTo, type UpgradeServer } from "./shared/upgrade.ts";

export type { AttachOptions } from "./shared/upgrade.ts";

/** The part of Vite's servers that is used here. */
export interface ViteServer {
  readonly httpServer: (UpgradeServer & { once(event: "listening", listener: () => void): unknown }) | null;
  readonly config: { readonly logger: { warn(text: string): void; error(text: string): void } };
}

/** A development server: it also loads modules. */
export interface ViteDevServer extends ViteServer {
  ssrLoadModule(url: string): Promise<Record<string, unknown>>;
}

/** The plugin, as far as Vite has to know it. */
export interface ZaptoolsVitePlugin {
  readonly name: "zaptools";
  configureServer(server: ViteDevServer): void;
  configurePreviewServer(server: ViteServer): void;
  /** Waits for nobody: the register is loaded again beside whatever else Vite does about the change. */
  hotUpdate(this: { readonly environment: { readonly name: string } }): void;
}

/** A register, or the module that exports one as `register` or by default: `"/src/register.ts"`, from Vite's root. */
export type ViteRegister = Pluggable<AnyProcessor> | string;

/**
 * Accepts WebSockets at one path of Vite's own server; its hot reload is left alone. A register that is named by its
 * module is the same that pages rendered on the server see. When it changes, clients are closed with 1012 and come back
 * to the new one. `vite preview` needs the register itself.
 *
 * @example
 * export default defineConfig({ plugins: [zaptools("/src/register.ts", { path: "/ws" })] });
 */
export function zaptools(register: ViteRegister, options: AttachOptions = {}): ZaptoolsVitePlugin {
  let server: ViteDevServer | undefined;
  let current: { readonly register: Pluggable<AnyProcessor>; readonly attachment: Attachment } | undefined;
  let loading: Promise<void> = Promise.resolve();

  const load = async (from: ViteDevServer, module: string) => {
    try {
      const exported = await from.ssrLoadModule(module);
      const found = exported.register ?? exported.default;
      if (!isRegister(found))
        throw invalidArgument(`${module} exports no register, neither as "register" nor by default.`);
      if (found === current?.register) return;
      await current?.attachment.close();
      current = { register: found, attachment: attachTo(httpOf(from), found, options) };
    } catch (error) {
      // As Vite does with other modules that cannot be loaded: the next change may bring one that can.
      from.config.logger.error(`zaptools: ${error instanceof Error ? error.message : error}`);
    }
  };
  const reload = () => {
    const from = server;
    if (from !== undefined && typeof register === "string") loading = loading.then(() => load(from, register));
  };
  return {
    name: "zaptools",
    configureServer(started) {
      server = started;
      const http = httpOf(started);
      // Before it listens, Vite cannot load modules.
      if (typeof register === "string") {
        current = { register: NOT_YET, attachment: attachTo(http, NOT_YET, options) };
        http.once("listening", reload);
      } else attachTo(http, register, options);
    },
    configurePreviewServer(started) {
      if (typeof register !== "string") attachTo(httpOf(started), register, options);
      else started.config.logger.warn(`zaptools: vite preview loads no modules: nothing answers for ${register}.`);
    },
    hotUpdate() {
      if (this.environment.name === "ssr") reload();
    },
  };
}

/** Stands in until the module has been loaded: nobody is left without an answer. */
const NOT_YET: Pluggable<AnyProcessor> = {
  limits: DEFAULT_LIMITS,
  admit: () => new Rejected("draining"),
  plug() {
    throw invalidArgument("The register has not been loaded.");
  },
};

function httpOf({ httpServer }: ViteServer): NonNullable<ViteServer["httpServer"]> {
  if (httpServer !== null) return httpServer;
  throw invalidArgument("Vite runs as middleware here: attach the register to your own server, with zaptools/node.");
}

function isRegister(value: unknown): value is Pluggable<AnyProcessor> {
  return typeof value === "object" && value !== null && "plug" in value && "admit" in value;
}
