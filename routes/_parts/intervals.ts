/** The waits between check-ins, seconds. */
export interface Intervals {
  /** In time order, one fewer than check-ins. */
  readonly waits: Float64Array;
  readonly sorted: Float64Array;
  readonly median: number;
  /** 1st and 99th percentile: between them, all but a few. */
  readonly most: readonly [number, number];
  /** 5th and 95th percentile: the bulk. */
  readonly bulk: readonly [number, number];
}

/** Null with fewer than two check-ins. */
export function intervalsOf(ts: ArrayLike<number>): Intervals | null {
  if (ts.length < 2) return null;
  const waits = new Float64Array(ts.length - 1);
  for (let i = 1; i < ts.length; i++) waits[i - 1] = ts[i] - ts[i - 1];
  const sorted = waits.slice().sort();
  return {
    waits,
    sorted,
    median: quantile(sorted, 0.5),
    most: [quantile(sorted, 0.01), quantile(sorted, 0.99)],
    bulk: [quantile(sorted, 0.05), quantile(sorted, 0.95)],
  };
}

/** A range with room around in parts of its width, and never without width. */
export function widened(
  [low, high]: readonly [number, number],
  room: number,
): readonly [number, number] {
  const by = Math.max((high - low) * room, high * 0.02, 0.001);
  return [Math.max(0, low - by), high + by];
}

/** Linear between the two nearest, as in NumPy's default. */
function quantile(sorted: Float64Array, p: number): number {
  const at = (sorted.length - 1) * p, below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}
