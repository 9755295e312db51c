/** The plugins that are installed, kept in one file. */

import { readFile, writeFile } from "node:fs/promises";
import type { Manifest } from "./manifest.ts";

export interface Installed {
  readonly manifest: Manifest;
  readonly folder: string;
  readonly enabled: boolean;
}

export class Registry {
  private entries = new Map<string, Installed>();
  private readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  async open(): Promise<void> {
    const stored: [string, Installed][] = JSON.parse(await readFile(this.path, "utf8"));
    this.entries = new Map(stored);
  }

  async add(manifest: Manifest, folder: string): Promise<void> {
    this.entries.set(manifest.id, { manifest, folder, enabled: manifest.trust >= 2 });
    await this.save();
  }

  get(id: string): Installed | undefined {
    return this.entries.get(id);
  }

  enabled(): Installed[] {
    return [...this.entries.values()].filter((entry) => entry.enabled);
  }

  private async save(): Promise<void> {
    await writeFile(this.path, JSON.stringify([...this.entries], undefined, 2));
  }
}
