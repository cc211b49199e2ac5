/**
 * The sub-scores of RITA v5 (Active Countermeasures; its default maths and
 * thresholds), so that its users find their numbers again. They have no null
 * model: random traffic of steady size scores 0.55 to 0.92.
 */

/** RITA's beacon score and what it is the mean of. */
export interface RitaBeacon {
  readonly score: number;
  readonly ts: number;
  readonly ds: number;
  readonly dur: number;
  readonly hist: number;
  /** Hourly bins (of 24) with a connection; the longest run of them. */
  readonly bars: number;
  readonly run: number;
}

const BINS = 24;

/** Rounded half away from zero to three decimals. */
const round3 = (value: number) =>
  Math.sign(value) * Math.round(Math.abs(value) * 1000) / 1000;
const ceil3 = (value: number) => Math.ceil(value * 1000) / 1000;

/** @param values ascending, not empty. */
function median(values: ArrayLike<number>, from = 0, to = values.length) {
  const half = (to - from) >> 1;
  return (to - from) % 2 === 1
    ? values[from + half]
    : (values[from + half - 1] + values[from + half]) / 2;
}

/**
 * How little the values are skewed and dispersed around their median, in
 * [0, 1]: Bowley's skewness and the median absolute deviation.
 *
 * @param otherwise the dispersion's score where the median is below 1.
 */
export function spreadScore(
  values: ArrayLike<number>,
  otherwise: number,
): number {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  const Q2 = median(sorted);
  const Q1 = median(sorted, 0, n >> 1), Q3 = median(sorted, (n + 1) >> 1, n);
  const flat = Q3 - Q1 < 10 || Q2 === Q1 || Q2 === Q3;
  const skew = flat ? 0 : (Q1 + Q3 - 2 * Q2) / (Q3 - Q1);
  const deviation = median(sorted.map((v) => Math.abs(v - Q2)).sort());
  const dispersion = Q2 >= 1 ? Math.max(0, (Q2 - deviation) / Q2) : otherwise;
  return round3(((1 - Math.abs(skew)) + dispersion) / 2);
}

/** @param seconds whole epoch seconds, ascending. */
export function timeScore(seconds: ArrayLike<number>): number {
  const deltas: number[] = [];
  for (let i = 1; i < seconds.length; i++) {
    const delta = seconds[i] - seconds[i - 1];
    if (delta > 0) deltas.push(delta);
  }
  return seconds.length < 4 || deltas.length < 3 ? 0 : spreadScore(deltas, 1);
}

/** @param sizes bytes from the source, in any order. */
export function sizeScore(sizes: ArrayLike<number>): number {
  if (sizes.length < 3) return 0;
  return Array.from(sizes).every((size) => size === 0)
    ? 0.5
    : spreadScore(sizes, 0);
}

/** Counts in 24 equal bins of [min, max], the last one closed. */
export function hourBins(
  seconds: ArrayLike<number>,
  min: number,
  max: number,
): Uint32Array {
  const bins = new Uint32Array(BINS);
  const width = (max - min) / BINS;
  for (let i = 0; i < seconds.length; i++) {
    const bin = width > 0 ? Math.floor((seconds[i] - min) / width) : 0;
    bins[Math.min(BINS - 1, Math.max(0, bin))]++;
  }
  return bins;
}

/**
 * How even the bins are, or how well two levels explain them.
 *
 * @param minBars fewer bins with a connection are not explained by two levels.
 */
export function histogramScore(bins: ArrayLike<number>, minBars = 11): number {
  const counts = Array.from(bins);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return 0;
  const mean = total / counts.length;
  const variance = counts.reduce((sum, c) => sum + (c - mean) ** 2, 0) /
    counts.length;
  const variation = Math.sqrt(variance) / mean;
  const even = variation > 1 ? 0 : round3(1 - variation);
  return Math.max(even, twoLevels(counts.filter((c) => c > 0), minBars));
}

function twoLevels(bars: readonly number[], minBars: number): number {
  if (bars.length < minBars) return 0;
  const width = Math.ceil(0.05 * Math.max(...bars));
  const levels = new Map<number, number>();
  for (const bar of bars) {
    const level = Math.floor(bar / width) * width;
    levels.set(level, (levels.get(level) ?? 0) + 1);
  }
  const [first, second = 0] = [...levels.values()].sort((a, b) => b - a);
  return Math.min(1, round3((first + second) / Math.max(bars.length - 1, 1)));
}

/** Non-empty bins, and the longest run of them around the clock. */
export function barsOf(
  bins: ArrayLike<number>,
): { bars: number; run: number } {
  let bars = 0, run = 0, current = 0;
  for (let i = 0; i < 2 * bins.length; i++) {
    const full = bins[i % bins.length] > 0;
    if (full && i < bins.length) bars++;
    current = full ? current + 1 : 0;
    run = Math.max(run, current);
  }
  return { bars, run: Math.min(run, bins.length) };
}

/** How much of the window is covered, or how long without a pause. */
export function durationScore(
  { bars, run }: { bars: number; run: number },
  covered: number,
  window: number,
): number {
  if (bars < 6 || window <= 0) return 0;
  return Math.max(
    Math.min(1, ceil3(covered / window)),
    Math.min(1, ceil3(run / 12)),
  );
}

/**
 * RITA's beacon score of one pair in one window.
 *
 * @param seconds whole epoch seconds of the connections, ascending.
 * @param sizes bytes from the source, one per connection.
 */
export function ritaBeacon(
  seconds: ArrayLike<number>,
  sizes: ArrayLike<number>,
  min: number,
  max: number,
): RitaBeacon {
  const bins = hourBins(seconds, min, max);
  const { bars, run } = barsOf(bins);
  const covered = seconds[seconds.length - 1] - seconds[0];
  const ts = timeScore(seconds), ds = sizeScore(sizes);
  const hist = histogramScore(bins);
  const dur = durationScore({ bars, run }, covered, max - min);
  const score = round3(0.25 * (ts + ds + dur + hist));
  return { score, ts, ds, dur, hist, bars, run };
}

/** base, low, medium and high of each indicator. */
const THRESHOLDS = {
  /** Beacon score times 100. */
  beacon: [50, 75, 90, 100],
  /** Seconds. */
  long: [3600, 14_400, 28_800, 43_200],
  /** Distinct names under one registrable domain. */
  dns: [100, 500, 800, 1000],
} as const;

/** A measure on RITA's scale from 0.2 (base) to 0.8 (high); 0 below base. */
export function ritaBucket(
  kind: keyof typeof THRESHOLDS,
  value: number,
): number {
  const limits = THRESHOLDS[kind];
  if (value < limits[0]) return 0;
  for (let i = 0; i < 3; i++) {
    if (value > limits[i + 1]) continue;
    const part = (value - limits[i]) / (limits[i + 1] - limits[i]);
    return 0.2 * (i + 1) + 0.2 * part;
  }
  return 0.8;
}
