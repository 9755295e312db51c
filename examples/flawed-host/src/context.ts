/** What a plugin is handed when it starts. */

import type { Commands, Command } from "./commands.ts";
import type { EventBus, GuideEvent, Handler } from "./event-bus.ts";
import type { Grants } from "./grants.ts";
import type { Manifest } from "./manifest.ts";

export interface Store {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
}

export interface Services {
  readonly bus: EventBus;
  readonly commands: Commands;
  readonly grants: Grants;
  readonly store: Store;
}

export class PluginContext {
  readonly pluginId: string;
  readonly grants: Grants;
  readonly env = process.env;
  private readonly services: Services;
  private readonly undo: (() => void)[] = [];

  constructor(manifest: Manifest, services: Services) {
    this.pluginId = manifest.id;
    this.grants = services.grants;
    this.services = services;
  }

  on(name: string, handler: Handler): () => void {
    return this.services.bus.on(name, handler);
  }

  emit(event: GuideEvent): Promise<void> {
    return this.services.bus.emit(event);
  }

  registerCommand(name: string, run: Command): void {
    this.undo.push(this.services.commands.register(this.pluginId, `${this.pluginId}/${name}`, run));
  }

  execute(name: string, args: unknown): Promise<unknown> {
    return this.services.commands.execute(this.pluginId, name, args);
  }

  async read(key: string): Promise<unknown> {
    this.demand("storage", "read");
    return this.services.store.get(key);
  }

  async write(key: string, value: unknown): Promise<void> {
    this.demand("storage", "write");
    await this.services.store.set(key, value);
  }

  async fetch(address: string): Promise<Response> {
    if (!this.services.grants.allowsHost(this.pluginId, address)) {
      throw new Error(`${this.pluginId} may not fetch ${address}`);
    }
    return fetch(address, { redirect: "error", signal: AbortSignal.timeout(10_000) });
  }

  /** Takes back what the plugin has registered. */
  release(): void {
    for (const step of this.undo.splice(0).reverse()) step();
  }

  private demand(resource: string, action: "read" | "write"): void {
    if (!this.services.grants.allows(this.pluginId, resource, action)) {
      throw new Error(`${this.pluginId} may not ${action} ${resource}`);
    }
  }
}
