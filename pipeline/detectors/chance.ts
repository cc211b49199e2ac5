import { RandomState } from "../models/random.ts";

/** How regular a rhythm is, and how regular chance would make it. */
export interface Chance {
  /** Median absolute deviation of the waits ÷ their median; 0 is a clock. */
  readonly observed: number;
  /** The same of each trial, ascending. */
  readonly trials: Float64Array;
  /** Trials at least as regular as what was observed. */
  readonly asRegular: number;
}

const TRIALS = 999;
/** Check-ins that are looked at, the first ones: a trial sorts them all. */
const MOST = 400;
const HOUR = 3600;

/**
 * The rhythm of check-ins against one that keeps how many fall in each hour,
 * so the daily rhythm, and puts each at a random time of its hour: a
 * permutation test, seeded, for a picture of what chance does.
 *
 * @param ts epoch seconds, ascending.
 * @returns null with fewer than 5 check-ins.
 */
export function chanceOf(ts: Float64Array): Chance | null {
  if (ts.length < 5) return null;
  const own = ts.slice(0, MOST);
  const observed = spread(own);
  const random = new RandomState(own.length);
  const from = own[0];
  const drawn = new Float64Array(own.length);
  const trials = Float64Array.from({ length: TRIALS }, () => {
    for (let i = 0; i < own.length; i++) {
      const hour = Math.floor((own[i] - from) / HOUR);
      drawn[i] = from + (hour + random.random()) * HOUR;
    }
    return spread(drawn.sort());
  }).sort();
  const asRegular = trials.filter((value) => value <= observed).length;
  return { observed, trials, asRegular };
}

function spread(ts: Float64Array): number {
  const waits = new Float64Array(ts.length - 1);
  for (let i = 1; i < ts.length; i++) waits[i - 1] = ts[i] - ts[i - 1];
  const median = middle(waits);
  if (median === 0) return 0;
  return middle(waits.map((wait) => Math.abs(wait - median))) / median;
}

function middle(values: Float64Array): number {
  const sorted = values.slice().sort();
  return sorted[sorted.length >> 1];
}
