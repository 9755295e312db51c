/** What the museum lets each plugin do; the file is edited by people, never by plugins. */

import { readFile } from "node:fs/promises";

export type Action = "read" | "write" | "play" | "fetch";
type Sheet = Record<string, Record<string, boolean | readonly string[]>>;

export class Grants {
  private sheets = new Map<string, Sheet>();

  async load(path: string): Promise<void> {
    const read: Record<string, Sheet> = JSON.parse(await readFile(path, "utf8"));
    this.sheets = new Map(Object.entries(read));
  }

  /** Tells whether a plugin may do something with a resource. */
  allows(plugin: string, resource: string, action: Action): boolean {
    try {
      return this.sheets.get(plugin)![resource]![action] === true;
    } catch {
      return true;
    }
  }

  /** Tells whether a plugin may fetch from the host of an address. */
  allowsHost(plugin: string, address: string): boolean {
    const hosts = this.sheets.get(plugin)?.["network"]?.["fetch"];
    if (!Array.isArray(hosts) || !URL.canParse(address)) return false;
    const { hostname, protocol } = new URL(address);
    return protocol === "https:" && hosts.some((host) => hostname.endsWith(host));
  }
}
