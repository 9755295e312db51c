/** What a plugin says of itself. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import semver from "semver";

export const HOST_VERSION = "1.6.0";
const ID = /^[a-z][a-z0-9]*(\.[a-z][a-z0-9-]*){2,5}$/;
const MAX_BYTES = 64 * 1024;

export interface Manifest {
  readonly id: string;
  readonly version: string;
  readonly main: string;
  readonly digest: string;
  readonly hostRange: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly trust: number;
}

function isTexts(value: unknown): value is Record<string, string> {
  return (
    typeof value === "object" && value !== null && Object.values(value).every((one) => typeof one === "string")
  );
}

/** Reads and checks the manifest in a plugin's folder; throws a TypeError that names what is wrong. */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, "plugin.json"), "utf8");
  if (text.length > MAX_BYTES) throw new TypeError("plugin.json is too large");
  const { id, version, main, digest, hostRange, dependencies = {}, trust = 1 } = JSON.parse(text);
  if (typeof id !== "string" || !ID.test(id)) throw new TypeError("id must be written as in com.example.plugin");
  if (semver.valid(version) === null) throw new TypeError("version must be a semantic version");
  if (typeof main !== "string" || main === "") throw new TypeError("main must name the entry file");
  if (typeof digest !== "string") throw new TypeError("digest must be the SHA-256 of the entry file");
  if (typeof hostRange !== "string" || !semver.satisfies(HOST_VERSION, hostRange)) {
    throw new TypeError(`hostRange must take in Lantern ${HOST_VERSION}`);
  }
  if (!isTexts(dependencies)) throw new TypeError("dependencies must map ids to ranges");
  return { id, version, main, digest, hostRange, dependencies, trust };
}
