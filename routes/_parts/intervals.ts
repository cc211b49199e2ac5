/** The waits between check-ins, seconds. */
export interface Intervals {
  /** In time order, one fewer than check-ins. */
  readonly waits: Float64Array;
  readonly sorted: Float64Array;
  readonly median: number;
  /** 1st and 99th percentile: what the charts show. */
  readonly low: number;
  readonly high: number;
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
    low: quantile(sorted, 0.01),
    high: quantile(sorted, 0.99),
  };
}

/** [low, high] with room around, and never without width. */
export function shownRange(v: Intervals): readonly [number, number] {
  const room = Math.max((v.high - v.low) * 0.1, v.median * 0.05, 0.001);
  return [Math.max(0, v.low - room), v.high + room];
}

/** Linear between the two nearest, as in NumPy's default. */
function quantile(sorted: Float64Array, p: number): number {
  const at = (sorted.length - 1) * p, below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}
