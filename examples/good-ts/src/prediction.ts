/** Predicted heights of water, read with care, and the windows that follow from them. */

export interface Height {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Metres of water over the sill. */
  readonly metres: number;
}

export interface Window {
  readonly from: number;
  readonly to: number;
}

export const MAX_HEIGHTS = 2_000;
const PORT = /^[A-Z]{5}$/;

export function isPort(value: unknown): value is string {
  return typeof value === "string" && PORT.test(value);
}

function isHeight(value: unknown): value is Height {
  if (typeof value !== "object" || value === null) return false;
  const { at, metres } = value as Partial<Height>;
  return Number.isFinite(at) && Number.isFinite(metres);
}

/** Heights in order of time; throws a TypeError on anything else than a list of heights. */
export function readHeights(value: unknown): Height[] {
  if (!Array.isArray(value) || value.length > MAX_HEIGHTS || !value.every(isHeight)) {
    throw new TypeError(`expected at most ${MAX_HEIGHTS} heights with "at" and "metres"`);
  }
  return value.map(({ at, metres }) => ({ at, metres })).sort((a, b) => a.at - b.at);
}

/** The stretches after `now` in which every predicted height is at least `needed` metres. */
export function windows(heights: readonly Height[], needed: number, now: number): Window[] {
  const found: Window[] = [];
  let from: number | undefined;
  let last: number | undefined;
  for (const height of heights) {
    if (height.at < now) continue;
    if (height.metres >= needed) {
      from ??= height.at;
      last = height.at;
    } else if (from !== undefined && last !== undefined) {
      found.push({ from, to: last });
      from = undefined;
    }
  }
  if (from !== undefined && last !== undefined) found.push({ from, to: last });
  return found;
}
