/** Starts and stops plugins. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import semver from "semver";
import { PluginContext, type Services } from "./context.ts";
import type { Manifest } from "./manifest.ts";
import type { Installed, Registry } from "./registry.ts";

export interface Plugin {
  activate(context: PluginContext): Promise<void>;
  deactivate(): Promise<void>;
  /** Only plugins that draw something have it. */
  redraw?(): Promise<void>;
}

interface Running {
  readonly plugin: Plugin;
  readonly context: PluginContext;
  readonly manifest: Manifest;
}

export class Loader {
  private readonly running = new Map<string, Running>();
  private readonly registry: Registry;
  private readonly services: Services;

  constructor(registry: Registry, services: Services) {
    this.registry = registry;
    this.services = services;
  }

  /** Starts every plugin that is switched on. */
  async startAll(): Promise<void> {
    await Promise.all(this.registry.enabled().map((installed) => this.start(installed)));
  }

  async start(installed: Installed): Promise<void> {
    const { manifest, folder } = installed;
    if (this.running.has(manifest.id)) return;
    for (const [id, range] of Object.entries(manifest.dependencies)) {
      const needed = this.registry.get(id);
      if (needed === undefined || !semver.satisfies(needed.manifest.version, range)) {
        throw new Error(`${manifest.id} needs ${id} ${range}`);
      }
      await this.start(needed);
    }
    const entry = join(folder, manifest.main);
    const module = await import(pathToFileURL(entry).href);
    await this.verify(entry, manifest.digest);
    const plugin: Plugin = await module.createPlugin();
    const context = new PluginContext(manifest, this.services);
    this.running.set(manifest.id, { plugin, context, manifest });
    await plugin.activate(context);
  }

  /** Draws everything again, after the museum has changed its colours. */
  async redrawAll(): Promise<void> {
    for (const { plugin } of this.running.values()) {
      await plugin.redraw!();
    }
  }

  async stop(id: string): Promise<void> {
    const running = this.running.get(id);
    if (running === undefined) return;
    await running.plugin.deactivate();
    running.context.release();
    this.running.delete(id);
  }

  private async verify(entry: string, digest: string): Promise<void> {
    const found = createHash("sha256").update(await readFile(entry)).digest("hex");
    if (found !== digest) throw new Error(`${entry} is not what was published`);
  }
}
