/** What is kept over a restart, and how what older versions kept is read. */

import { type Height, isPort, readHeights } from "./prediction.ts";

export const STATE_VERSION = 2;
export const MAX_PORTS = 40;

export interface State {
  readonly version: typeof STATE_VERSION;
  readonly predictions: Readonly<Record<string, readonly Height[]>>;
}

/** Version 1 kept heights in centimetres, as a list of pairs. */
function fromVersion1(stored: Record<string, unknown>): Map<string, Height[]> {
  const read = new Map<string, Height[]>();
  for (const [port, pairs] of Object.entries(stored["tides"] ?? {}).slice(0, MAX_PORTS)) {
    if (!isPort(port) || !Array.isArray(pairs)) continue;
    read.set(port, readHeights(pairs.map(([at, centimetres]) => ({ at, metres: centimetres / 100 }))));
  }
  return read;
}

function fromVersion2(stored: Record<string, unknown>): Map<string, Height[]> {
  const read = new Map<string, Height[]>();
  for (const [port, heights] of Object.entries(stored["predictions"] ?? {}).slice(0, MAX_PORTS)) {
    if (isPort(port)) read.set(port, readHeights(heights));
  }
  return read;
}

/** The predictions in a stored state; throws where its version is newer than this code. */
export function readState(stored: unknown): Map<string, Height[]> {
  if (stored === undefined || stored === null) return new Map();
  if (typeof stored !== "object") throw new TypeError("the stored state is not an object");
  const state = stored as Record<string, unknown>;
  switch (state["version"]) {
    case 1:
      return fromVersion1(state);
    case STATE_VERSION:
      return fromVersion2(state);
    default:
      throw new RangeError(`state of version ${String(state["version"])} can't be read`);
  }
}
