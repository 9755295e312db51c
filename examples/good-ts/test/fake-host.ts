import type { PluginContext, Reply } from "../src/host.ts";

type Handler = (payload: unknown) => Promise<unknown>;

/** A host in memory that counts what a plugin holds. */
export class FakeHost {
  readonly data = new Map<string, unknown>();
  readonly commands = new Map<string, Handler>();
  readonly handlers = new Map<string, Handler>();
  readonly emitted: { name: string; payload: unknown }[] = [];
  readonly warnings: string[] = [];
  readonly asked: string[] = [];
  answer: (url: string) => Reply = () => ({ ok: false, status: 503, json: async () => undefined });

  context(config: unknown): PluginContext {
    return {
      pluginId: "org.saltmarsh.tide-windows",
      config: { get: () => config },
      storage: {
        get: async (key) => this.data.get(key),
        set: async (key, value) => void this.data.set(key, structuredClone(value)),
      },
      network: {
        fetch: async (url) => {
          this.asked.push(url);
          return this.answer(url);
        },
      },
      commands: { register: (name, run) => this.keep(this.commands, name, run) },
      eventBus: {
        on: (name, handler) => this.keep(this.handlers, name, handler),
        emit: async (name, payload) => void this.emitted.push({ name, payload }),
      },
      logger: { info: () => undefined, warn: (_, fields) => void this.warnings.push(String(fields?.["reason"])) },
    };
  }

  get held(): number {
    return this.commands.size + this.handlers.size;
  }

  async call(name: string, args?: unknown): Promise<unknown> {
    const run = this.commands.get(name);
    if (run === undefined) throw new Error(`no command ${name}`);
    return run(args);
  }

  private keep(kept: Map<string, Handler>, name: string, run: Handler) {
    kept.set(name, run);
    return { dispose: () => void kept.delete(name) };
  }
}
